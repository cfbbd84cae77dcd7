"""Shipped checkpoints against each other on the same radiographs."""

from collections.abc import Sequence
from itertools import combinations

from fracture_core.base import EvaluationError
from fracture_core.doors.documents.markdown import build_table, word_metric
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.evaluation import Comparison, Evaluation, compare_checkpoints

_HEAD = (
    "Data",
    "n",
    "Groups",
    "First",
    "Second",
    "AUROC, first",
    "AUROC, second",
    "Difference (grouped bootstrap)",
    "p (grouped bootstrap)",
    "DeLong: difference",
    "DeLong: p",
    "Accuracy difference",
    "McNemar: only first, only second right",
    "McNemar: p",
)


def build_comparisons(shipped: Sequence[Shipped]) -> str:
    """Return a row a pair of checkpoints and a side that both were measured on."""
    rows = [
        _build_row(comparison)
        for first, second in combinations(shipped, 2)
        for evaluation in first.main
        for other in second.main
        if (comparison := _compare(evaluation, other)) is not None
    ]
    if not rows:
        return "No two shipped checkpoints were measured on the same radiographs."
    return (
        "Difference is second minus first. DeLong's and McNemar's tests take every file as independent; views of one "
        "exam are not: where they and the grouped bootstrap disagree, believe the bootstrap.\n\n"
        + build_table(_HEAD, rows)
    )


def _compare(first: Evaluation, second: Evaluation) -> Comparison | None:
    if (first.dataset, first.split, first.fingerprint) != (second.dataset, second.split, second.fingerprint):
        return None
    try:
        return compare_checkpoints(first, second)
    except EvaluationError:  # other radiographs: not to be compared
        return None


def _build_row(comparison: Comparison) -> list[object]:
    delong, mcnemar = comparison.delong, comparison.mcnemar
    return [
        f"{comparison.dataset}, {comparison.split}",
        f"{comparison.n:,}",
        f"{comparison.n_groups:,}",
        comparison.first,
        comparison.second,
        word_metric(comparison.auroc_first),
        word_metric(comparison.auroc_second),
        word_metric(comparison.auroc_difference),
        comparison.p_grouped,
        f"{delong.difference:.3f} [{delong.low:.3f}, {delong.high:.3f}]",
        delong.p,
        word_metric(comparison.accuracy_difference),
        f"{mcnemar.only_first}, {mcnemar.only_second}",
        mcnemar.p,
    ]
