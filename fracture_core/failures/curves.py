"""How calls and probabilities fell: confusion matrix, ROC, precision-recall, operating points and scores."""

from dataclasses import dataclass

import numpy as np

from fracture_core.evaluation import (
    Evaluation,
    Metric,
    RocCurve,
    build_metric,
    count_independent,
    draw_weights,
    trace_roc,
)
from fracture_core.networks import CALLS
from fracture_core.store import Call

_ROWS_AT_ONCE = 128  # bounds the memory


@dataclass(frozen=True)
class Confusion:
    """Number of files by label (index into ``LABELS``).

    Attributes:
        calls: by the three-way call.
        called_fractured: at the balanced operating point, by whether a fracture was called.
    """

    calls: dict[int, dict[Call, int]]
    called_fractured: dict[int, dict[bool, int]]


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """A step a distinct probability, from the highest on; all in [0, 1].

    Attributes:
        recall, precision: ``(K,)``; precision is the positive predictive value, recall the sensitivity.
        average_precision: the area under the steps, with its interval by bootstrap over groups.
    """

    recall: np.ndarray
    precision: np.ndarray
    average_precision: Metric


@dataclass(frozen=True)
class CurvePoint:
    """An operating point on both curves; a share without a base is None."""

    name: str
    threshold: float
    sensitivity: float | None
    false_alarms: float | None
    precision: float | None


@dataclass(frozen=True, eq=False)
class FailureCurves:
    """The curves of an evaluation.

    Attributes:
        roc, precision_recall: None where all files are of one class.
        thresholds: ``(K,)`` the probability from which each step calls; step k of precision-recall
            is step k + 1 of the ROC curve, which begins at nothing called.
    """

    roc: RocCurve | None
    precision_recall: PrecisionRecall | None
    points: tuple[CurvePoint, ...]
    thresholds: np.ndarray


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """Files by probability: ``edges`` ``(B + 1,)``, counts ``(B,)``; the last bin holds its upper edge."""

    edges: np.ndarray
    fractured: np.ndarray
    not_fractured: np.ndarray


def count_confusion(evaluation: Evaluation) -> Confusion:
    """Return how the labels were called; older files that lack a call count at the balanced point only."""
    calls: dict[int, dict[Call, int]] = {label: dict.fromkeys(CALLS, 0) for label in (0, 1)}
    called: dict[int, dict[bool, int]] = {label: {False: 0, True: 0} for label in (0, 1)}
    for item in evaluation.predictions:
        called[item.label][item.correct == (item.label == 1)] += 1
        if item.call:
            calls[item.label][item.call] += 1
    return Confusion(calls, called)


def measure_curves(evaluation: Evaluation) -> FailureCurves:
    """Return both curves and where the operating points lie on them."""
    labels, p_fracture = _read(evaluation)
    return FailureCurves(
        roc=trace_roc(evaluation.predictions) if len(labels) else None,
        precision_recall=_trace_precision_recall(evaluation, labels, p_fracture),
        points=_place_points(evaluation, labels, p_fracture),
        thresholds=np.unique(p_fracture)[::-1],
    )


def count_scores(evaluation: Evaluation, bins: int = 20) -> ScoreHistogram:
    """Return how the probabilities of both classes are spread."""
    labels, p_fracture = _read(evaluation)
    edges = np.linspace(0, 1, bins + 1)
    fractured, not_fractured = (np.histogram(p_fracture[labels == label], edges)[0] for label in (1, 0))
    return ScoreHistogram(edges, fractured, not_fractured)


def _read(evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    labels = np.array([item.label for item in evaluation.predictions], np.int64)
    return labels, np.array([item.p_fracture for item in evaluation.predictions], np.float64)


def _trace_precision_recall(
    evaluation: Evaluation, labels: np.ndarray, p_fracture: np.ndarray
) -> PrecisionRecall | None:
    if len(np.unique(labels)) < 2:
        return None
    order = np.argsort(-p_fracture, kind="stable")
    truth = labels[order].astype(np.float64)
    ends = np.flatnonzero(np.r_[np.diff(p_fracture[order]) != 0, True])  # equal probabilities are one step
    weights = draw_weights(np.array([item.group for item in evaluation.predictions]))
    averages = []
    for first in range(0, len(weights), _ROWS_AT_ONCE):
        rows = weights[first : first + _ROWS_AT_ONCE, order].astype(np.float64)
        recall, precision = _accumulate(rows, truth, ends)
        averages.append((np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1))
    recall, precision = _accumulate(np.ones((1, len(truth))), truth, ends)
    fractured = labels == 1
    independent = min(count_independent(fractured, weights), count_independent(~fractured, weights))
    return PrecisionRecall(recall[0], precision[0], build_metric(np.concatenate(averages), len(labels), independent))


def _accumulate(rows: np.ndarray, truth: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return recall and precision ``(R, K)`` at the end of each step; recall is NaN without a fracture."""
    called, hits = np.cumsum(rows, axis=1)[:, ends], np.cumsum(rows * truth, axis=1)[:, ends]
    with np.errstate(invalid="ignore"):
        recall = hits / hits[:, -1:]
    return recall, np.divide(hits, called, out=np.ones_like(hits), where=called > 0)


def _place_points(evaluation: Evaluation, labels: np.ndarray, p_fracture: np.ndarray) -> tuple[CurvePoint, ...]:
    thresholds = {name: point.threshold for name, point in evaluation.operating_points.items()}
    points = []
    for name, threshold in (thresholds or {"balanced": evaluation.threshold}).items():
        called, fractured = p_fracture >= threshold, labels == 1
        points.append(
            CurvePoint(
                name=name,
                threshold=threshold,
                sensitivity=_share(called, fractured),
                false_alarms=_share(called, ~fractured),
                precision=_share(fractured, called),
            )
        )
    return tuple(points)


def _share(hit: np.ndarray, base: np.ndarray) -> float | None:
    return float((hit & base).sum() / base.sum()) if base.any() else None
