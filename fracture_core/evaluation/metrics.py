"""Figures of a binary reading, each with a 95% interval by bootstrap over groups."""

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.special import betaincinv

from fracture_core.base import EvaluationError
from fracture_core.evaluation.auroc import compute_aurocs

RESAMPLES = 1000
_ROWS_TO_TELL_GROUPS = 32  # that two groups are drawn equally often in so many resamples does not happen


class Metric(BaseModel):
    """A figure with its 95% interval; ``n`` counts the radiographs it is a share of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None
    low: float | None
    high: float | None
    n: int


def draw_weights(groups: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return how often each file is in each bootstrap sample.

    Whole groups are drawn with replacement, because copies and views of one exam
    are not independent; intervals over files would be too narrow.

    Args:
        groups: ``(N,)`` any hashable kind.

    Returns:
        ``(1 + RESAMPLES, N)`` float32 of whole numbers; the first row is the data itself, all ones.
    """
    _, member = np.unique(groups, return_inverse=True)
    count = member.max() + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return np.concatenate([np.ones((1, len(member)), np.float32), drawn.astype(np.float32)[:, member]])


def build_metric(values: np.ndarray, n: int, independent: int | None = None) -> Metric:
    """Return the metric of ``(1 + RESAMPLES,)`` values: the first is the figure, the others its resamples.

    Args:
        n: radiographs that the figure is a share of.
        independent: how many of them are independent. Where there is one only, or
            all are alike (all right, say), resamples cannot differ; the exact
            interval of so many trials (Clopper & Pearson 1934) then stands in,
            or one of one would be certain.
    """
    value, draws = float(values[0]), values[1:][np.isfinite(values[1:])]
    if not np.isfinite(value) or len(draws) == 0:
        return Metric(value=None, low=None, high=None, n=n)
    low, high = np.percentile(draws, [2.5, 97.5])
    if independent and (independent == 1 or low == high):
        low, high = _compute_exact_interval(value, independent)
    return Metric(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4), n=n)


def count_exact_share(hits: int, n: int) -> Metric:
    """Return the share of independent trials that hit, with the exact interval of Clopper & Pearson (1934)."""
    if n == 0:
        return Metric(value=None, low=None, high=None, n=0)
    low, high = _compute_exact_interval(hits / n, n)
    return Metric(value=round(hits / n, 4), low=round(low, 4), high=round(high, 4), n=n)


def _compute_exact_interval(share: float, trials: int) -> tuple[float, float]:
    """Return the 95% interval of Clopper & Pearson; the share need not be of whole trials."""
    hits, misses = share * trials, (1 - share) * trials
    low = float(betaincinv(hits, misses + 1, 0.025)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, 0.975)) if misses > 0 else 1.0
    return low, high


def compute_mean(values: np.ndarray, weights: np.ndarray) -> Metric:
    """Return the mean of ``(N,)`` values, one a radiograph."""
    return build_metric(weights @ np.asarray(values, np.float64) / weights.sum(axis=1), len(values))


def compute_share(hit: np.ndarray, base: np.ndarray, weights: np.ndarray) -> Metric:
    """Return the share of ``base`` that is ``hit``; both ``(N,)`` bool."""
    return build_metric(compute_shares(hit, base, weights), int(base.sum()), count_independent(base, weights))


def count_independent(base: np.ndarray, weights: np.ndarray) -> int:
    """Return the number of groups in ``base``: files of one group are always drawn together."""
    result: int = np.unique(weights[1 : 1 + _ROWS_TO_TELL_GROUPS, base], axis=1).shape[1]
    return result


def compute_shares(hit: np.ndarray, base: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share in each row of weights; NaN where nothing of ``base`` was drawn."""
    with np.errstate(invalid="ignore"):
        result: np.ndarray = weights @ (hit & base).astype(weights.dtype) / (weights @ base.astype(weights.dtype))
        return result


def compute_point_metrics(labels: np.ndarray, called: np.ndarray, weights: np.ndarray) -> dict[str, Metric]:
    """Return the figures of one operating point.

    Args:
        labels, called: ``(N,)`` what is fractured, and what was called so.
        weights: from ``draw_weights``.
    """
    truth, called = np.asarray(labels).astype(bool), np.asarray(called).astype(bool)
    everything = np.ones_like(truth)
    return {
        "accuracy": compute_share(called == truth, everything, weights),
        "sensitivity": compute_share(called, truth, weights),
        "specificity": compute_share(~called, ~truth, weights),
        "ppv": compute_share(truth, called, weights),
        "npv": compute_share(~truth, ~called, weights),
    }


def compute_metrics(
    labels: np.ndarray,
    p_fracture: np.ndarray,
    groups: np.ndarray,
    threshold: float,
    *,
    weights: np.ndarray | None = None,
) -> dict[str, Metric]:
    """Return accuracy, AUROC, sensitivity, specificity, ppv and npv.

    Args:
        labels: ``(N,)`` 0 or 1.
        p_fracture: ``(N,)`` in [0, 1].
        groups: ``(N,)`` any hashable kind.
        threshold: fractured is called from this probability on.
        weights: from ``draw_weights`` of the groups, where they were drawn already.

    Raises:
        EvaluationError: nothing to evaluate.
    """
    if len(labels) == 0:
        raise EvaluationError("There is nothing to evaluate: no radiograph is left in this split.")
    weights = draw_weights(np.asarray(groups)) if weights is None else weights
    p_fracture = np.asarray(p_fracture, np.float64)
    at_point = compute_point_metrics(labels, p_fracture >= threshold, weights)
    truth = np.asarray(labels).astype(bool)
    scarcer = min(count_independent(truth, weights), count_independent(~truth, weights))
    auroc = build_metric(compute_aurocs(truth, p_fracture, weights), len(labels), scarcer)
    return {"accuracy": at_point.pop("accuracy"), "auroc": auroc, **at_point}
