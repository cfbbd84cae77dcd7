"""``results.md``: what the shipped checkpoints reach."""

from collections.abc import Sequence

from fracture_core.doors.reporting.charts import name_chart
from fracture_core.doors.reporting.comparisons import build_comparisons
from fracture_core.doors.reporting.extra import Extra, build_object
from fracture_core.doors.reporting.goals import PAPER_DATASET, build_goals
from fracture_core.doors.reporting.markdown import build_document
from fracture_core.doors.reporting.protocol import build_protocol
from fracture_core.doors.reporting.shipped import Shipped
from fracture_core.doors.reporting.tables import (
    build_calibration,
    build_calls,
    build_headlines,
    build_localisation,
    build_points,
    build_subgroups,
    name_data,
)
from fracture_core.evaluation import AS_PUBLISHED, Evaluation

_LEAD = (
    "Written by `python -m fracture_core results` from the files in the repository; not to be changed by hand. "
    "Every figure is a share, with its 95% interval by bootstrap over groups (copies of a radiograph and views that "
    "look like one exam are drawn together). Thresholds were chosen on validation. PPV and NPV hold for the share of "
    "fractures in that data and for no other."
)


def write_results(shipped: Sequence[Shipped], extra: Extra) -> str:
    """Return the document."""
    everything = [evaluation for one in shipped for evaluation in one.evaluations] + list(extra.evaluations)
    parts = ["# Results", _LEAD]
    parts += ["## What was aimed for, and what was reached", build_goals(shipped, extra.evaluations)]
    parts += ["## Figures at the balanced operating point", build_headlines(everything)]
    for one in shipped:
        for evaluation in one.main:
            parts += [f"## `{one.name}` on {name_data(evaluation)}", *build_sections(evaluation)]
    parts += ["## Checkpoints compared", build_comparisons(shipped)]
    of_paper = [evaluation for evaluation in everything if evaluation.dataset == PAPER_DATASET]
    published = {name: value for name, value in extra.objects.items() if value.get("mark") == AS_PUBLISHED}
    parts += ["## The paper's protocol", build_protocol(of_paper)]
    parts += [build_object(name, value) for name, value in published.items()]
    if others := {name: value for name, value in extra.objects.items() if name not in published}:
        parts += ["## Other figures", *(build_object(name, value) for name, value in others.items())]
    return build_document(parts)


def build_sections(evaluation: Evaluation) -> list[str]:
    """Return one evaluation's tables under their headings."""
    chart = f"![Reliability curve]({name_chart(evaluation)})" if evaluation.calibration else ""
    return [
        "### Operating points",
        build_points(evaluation),
        "### Three-way calls",
        build_calls(evaluation),
        "### Calibration",
        build_calibration(evaluation.calibration),
        chart,
        "### Subgroups",
        build_subgroups(evaluation),
        "### Where the heatmap points",
        build_localisation(evaluation.localisation),
    ]
