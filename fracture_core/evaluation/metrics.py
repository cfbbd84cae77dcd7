"""Figures of a binary reading, each with a 95% interval by bootstrap over groups."""

from collections.abc import Callable

import numpy as np
from pydantic import BaseModel, ConfigDict
from sklearn.metrics import roc_auc_score

from fracture_core.errors import EvaluationError

RESAMPLES = 1000


class Metric(BaseModel):
    """A figure with its 95% interval; ``n`` counts the radiographs it is a share of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None
    low: float | None
    high: float | None
    n: int


def _ratio(hit: np.ndarray, base: np.ndarray, weights: np.ndarray) -> float:
    total = weights[base].sum()
    return float(weights[hit & base].sum() / total) if total > 0 else float("nan")


Figure = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], float]  # labels, p, calls, weights

FIGURES: dict[str, Figure] = {
    "accuracy": lambda y, p, c, w: _ratio(c == y, np.ones_like(c), w),
    "auroc": lambda y, p, c, w: _compute_auroc(y, p, w),
    "sensitivity": lambda y, p, c, w: _ratio(c, y, w),
    "specificity": lambda y, p, c, w: _ratio(~c, ~y, w),
    "ppv": lambda y, p, c, w: _ratio(y, c, w),
    "npv": lambda y, p, c, w: _ratio(~y, ~c, w),
}


def compute_metrics(
    labels: np.ndarray, p_fracture: np.ndarray, groups: np.ndarray, threshold: float, *, seed: int = 0
) -> dict[str, Metric]:
    """Return the figures named in ``FIGURES``.

    Whole groups are drawn with replacement, because copies and views of one exam
    are not independent; intervals over files would be too narrow.

    Args:
        labels: ``(N,)`` 0 or 1.
        p_fracture: ``(N,)`` in [0, 1].
        groups: ``(N,)`` any hashable kind.
        threshold: fractured is called from this probability on.

    Raises:
        EvaluationError: nothing to evaluate.
    """
    if len(labels) == 0:
        raise EvaluationError("There is nothing to evaluate: no radiograph is left in this split.")
    truth, calls = np.asarray(labels).astype(bool), np.asarray(p_fracture) >= threshold
    p_fracture = np.asarray(p_fracture, np.float64)
    weights = _draw_weights(np.asarray(groups), seed)
    bases = {"sensitivity": truth, "specificity": ~truth, "ppv": calls, "npv": ~calls}
    metrics = {}
    for name, figure in FIGURES.items():
        value = figure(truth, p_fracture, calls, np.ones(len(truth)))
        draws = np.array([figure(truth, p_fracture, calls, drawn) for drawn in weights])
        n = int(bases.get(name, np.ones_like(truth)).sum())
        metrics[name] = _build_metric(value, draws[np.isfinite(draws)], n)
    return metrics


def _draw_weights(groups: np.ndarray, seed: int) -> np.ndarray:
    """Return ``(RESAMPLES, N)``: how often each file is in each bootstrap sample of groups."""
    _, member = np.unique(groups, return_inverse=True)
    count = member.max() + 1
    random = np.random.default_rng(seed)
    drawn = random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return drawn[:, member].astype(np.float64)


def _compute_auroc(truth: np.ndarray, p_fracture: np.ndarray, weights: np.ndarray) -> float:
    used = weights > 0
    if truth[used].all() or not truth[used].any():
        return float("nan")
    return float(roc_auc_score(truth[used], p_fracture[used], sample_weight=weights[used]))


def _build_metric(value: float, draws: np.ndarray, n: int) -> Metric:
    if not np.isfinite(value) or len(draws) == 0:
        return Metric(value=None, low=None, high=None, n=n)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Metric(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4), n=n)
