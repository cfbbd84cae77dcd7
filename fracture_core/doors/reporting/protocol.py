"""The paper's own protocol, which leaks, beside sides that do not."""

from collections.abc import Sequence

from fracture_core.doors.reporting.markdown import build_table, word_metric_n
from fracture_core.doors.reporting.paper import CITATION, FIGURES
from fracture_core.doors.reporting.tables import name_data
from fracture_core.evaluation import AS_PUBLISHED, Evaluation

WARNING = (
    "The paper divides files, not radiographs: rotated copies of one radiograph are on both sides. Figures that were "
    f"measured so are marked {AS_PUBLISHED} wherever they stand; they tell how well its protocol was repeated, and not how "
    "well a network reads a radiograph that it has never seen."
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
