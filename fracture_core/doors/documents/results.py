"""``results.md``: what the shipped checkpoints reach."""

from collections.abc import Sequence

from fracture_core.doors.documents.charts import name_chart
from fracture_core.doors.documents.comparisons import build_comparisons
from fracture_core.doors.documents.extra import Extra, build_object
from fracture_core.doors.documents.goals import PAPER_DATASET, build_goals
from fracture_core.doors.documents.markdown import build_document, build_table, word_metric_n
from fracture_core.doors.documents.paper import CITATION, FIGURES
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.doors.documents.tables import (
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


WARNING = (
    "The paper divides files, not radiographs: rotated copies of one radiograph are on both sides. Figures that were "
    f"measured so are marked {AS_PUBLISHED} wherever they stand; they tell how well its protocol was repeated, and not "
    "how well a network reads a radiograph that it has never seen."
)


def build_protocol(evaluations: Sequence[Evaluation]) -> str:
    """Return the paper's figures, its protocol repeated here, and the leak-free sides of the same data set.

    Args:
        evaluations: of the paper's data set.
    """
    rows: list[list[object]] = [
        ["the paper", f"{each.what} ({AS_PUBLISHED})", f"{each.accuracy:.2f} ({AS_PUBLISHED})", ""] for each in FIGURES
    ]
    ordered = sorted(evaluations, key=lambda each: (not each.mark, each.checkpoint, each.split))
    for each in ordered:
        measured = [word_metric_n(each.metrics.get(name), each.short_mark) for name in ("accuracy", "auroc")]
        rows.append([each.checkpoint, name_data(each), *measured])
    table = build_table(("Network", "Data", "Accuracy", "AUROC"), rows)
    note = "" if evaluations else "\n\nNothing was measured on the paper's data set yet."
    return f"{WARNING}\n\n{table}{note}\n\nThe paper: {CITATION}"
