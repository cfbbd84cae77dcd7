"""Two checkpoints on the same radiographs: is one better, or is it chance?"""

import numpy as np
from pydantic import Field
from scipy.stats import binomtest, norm

from fracture_core.base import EvaluationError
from fracture_core.evaluation.auroc import compute_aurocs, compute_delong
from fracture_core.evaluation.metrics import Metric, build_metric, compute_mean, draw_weights
from fracture_core.evaluation.records import Evaluation, Record

Share = Field(ge=0, le=1)


class DeLong(Record):
    """Difference of two AUROCs (second minus first) if files were independent; ``p`` is two-sided."""

    difference: float
    low: float
    high: float
    p: float = Share


class McNemar(Record):
    """Radiographs that one checkpoint alone called rightly; ``p`` is exact and two-sided."""

    only_first: int
    only_second: int
    p: float = Share


class Comparison(Record):
    """What two checkpoints did on the same radiographs.

    Attributes:
        first, second: names of the checkpoints.
        auroc_first, auroc_second, auroc_difference: with intervals by bootstrap
            over groups; the difference is second minus first.
        p_grouped: two-sided, of the AUROC difference, by the same bootstrap.
        delong, mcnemar: tests that take every file as independent. Views of one
            exam are not: where they and the bootstrap disagree, believe the bootstrap.
        mark: what every figure of a leaky side carries.
    """

    first: str
    second: str
    dataset: str
    split: str
    mark: str
    n: int
    n_groups: int
    n_fractured: int
    auroc_first: Metric
    auroc_second: Metric
    auroc_difference: Metric
    p_grouped: float = Share
    delong: DeLong
    accuracy_first: Metric
    accuracy_second: Metric
    accuracy_difference: Metric
    mcnemar: McNemar


def compare_checkpoints(first: Evaluation, second: Evaluation) -> Comparison:
    """Return how two evaluations of the same radiographs differ.

    Raises:
        EvaluationError: other radiographs or labels, or fewer than two of a class.
    """
    labels, groups, scores, correct = _align(first, second)
    weights = draw_weights(groups)
    areas = [compute_aurocs(labels, row, weights) for row in scores]
    return Comparison(
        first=first.checkpoint,
        second=second.checkpoint,
        dataset=first.dataset,
        split=first.split,
        mark=first.mark or second.mark,
        n=len(labels),
        n_groups=len(np.unique(groups)),
        n_fractured=int(labels.sum()),
        auroc_first=build_metric(areas[0], len(labels)),
        auroc_second=build_metric(areas[1], len(labels)),
        auroc_difference=build_metric(areas[1] - areas[0], len(labels)),
        p_grouped=_test_by_bootstrap(areas[1] - areas[0]),
        delong=compare_by_delong(labels, scores),
        accuracy_first=compute_mean(correct[0], weights),
        accuracy_second=compute_mean(correct[1], weights),
        accuracy_difference=compute_mean(correct[1] - correct[0], weights),
        mcnemar=compare_by_mcnemar(correct),
    )


def compare_by_delong(labels: np.ndarray, scores: np.ndarray) -> DeLong:
    """Return the paired test of two AUROCs.

    Args:
        labels: ``(N,)`` 0 or 1, at least two of each.
        scores: ``(2, N)``.

    Source: DeLong et al. 1988; Sun & Xu 2014 (see ``compute_delong``).
    """
    areas, covariance = compute_delong(labels, scores)
    difference = float(areas[1] - areas[0])
    error = float(np.sqrt(max(0.0, covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])))
    # Two readers that rank alike differ by nothing, with no error.
    p = 2 * norm.sf(abs(difference) / error) if error > 0 else float(difference == 0)
    reach = norm.ppf(0.975) * error
    return DeLong(
        difference=round(difference, 4),
        low=round(difference - reach, 4),
        high=round(difference + reach, 4),
        p=_round_p(float(p)),
    )


def compare_by_mcnemar(correct: np.ndarray) -> McNemar:
    """Return the exact test of two accuracies (McNemar 1947), from ``(2, N)`` of 0 and 1."""
    only_first = int((correct[0] > correct[1]).sum())
    only_second = int((correct[1] > correct[0]).sum())
    differing = only_first + only_second
    p = binomtest(only_first, differing, 0.5).pvalue if differing else 1.0
    return McNemar(only_first=only_first, only_second=only_second, p=_round_p(float(p)))


def _test_by_bootstrap(differences: np.ndarray) -> float:
    """Return twice the share of resamples on the other side of zero; ties count half, never quite 0."""
    draws = differences[1:][np.isfinite(differences[1:])]
    below = (draws < 0).sum() + (draws == 0).sum() / 2
    least = min(below, len(draws) - below)
    return _round_p(min(1.0, 2 * (least + 1) / (len(draws) + 1)))


def _round_p(p: float) -> float:
    return float(f"{p:.3g}")


def _align(first: Evaluation, second: Evaluation) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return labels ``(N,)``, groups ``(N,)``, probabilities ``(2, N)`` and whether right ``(2, N)``."""
    sides = [{prediction.name: prediction for prediction in of.predictions} for of in (first, second)]
    names = sorted(sides[0])
    alone = sides[0].keys() ^ sides[1].keys()
    if alone:
        raise EvaluationError(
            f"The two were not measured on the same radiographs: {len(alone)} are in one evaluation only.",
            "Compare them on a data set, or a side, that is the same for both.",
        )
    labels = np.array([sides[0][name].label for name in names])
    if any(sides[1][name].label != label for name, label in zip(names, labels, strict=True)):
        raise EvaluationError("The labels of the two evaluations differ.", "Evaluate both again on today's data.")
    if min(labels.sum(), len(labels) - labels.sum()) < 2:
        raise EvaluationError(
            "A comparison needs two radiographs of each class at least; "
            f"of {len(labels)}, {labels.sum()} are fractured.",
            "Choose a larger data set or side.",
        )
    groups = np.array([sides[0][name].group for name in names])
    scores = np.array([[side[name].p_fracture for name in names] for side in sides])
    correct = np.array([[float(side[name].correct) for name in names] for side in sides])
    return labels, groups, scores, correct
