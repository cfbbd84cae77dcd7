"""The ROC curve, with the band in which resamples of the groups lie."""

from dataclasses import dataclass

import numpy as np

from fracture_core.evaluation.metrics import draw_weights
from fracture_core.evaluation.records import Prediction

_BAND_RESAMPLES = 300  # enough for a band that is drawn, and quick
_BAND_POINTS = 61


@dataclass(frozen=True, eq=False)
class RocCurve:
    """The curve and its pointwise 95% band; all in [0, 1].

    Attributes:
        false_alarms, sensitivity: ``(K,)`` from (0, 0) to (1, 1), a step for each probability.
        band_at, band_low, band_high: ``(B,)`` sensitivity at a share of false alarms.
    """

    false_alarms: np.ndarray
    sensitivity: np.ndarray
    band_at: np.ndarray
    band_low: np.ndarray
    band_high: np.ndarray


def trace_roc(predictions: tuple[Prediction, ...]) -> RocCurve | None:
    """Return the curve of some predictions, or None where they are of one class."""
    labels = np.array([prediction.label for prediction in predictions]).astype(bool)
    if labels.all() or not labels.any():
        return None
    p_fracture = np.array([prediction.p_fracture for prediction in predictions])
    groups = np.array([prediction.group for prediction in predictions])
    order = np.argsort(-p_fracture, kind="stable")
    ends = np.flatnonzero(np.r_[np.diff(p_fracture[order]) != 0, True])  # equal probabilities are one step
    weights = draw_weights(groups)[: 1 + _BAND_RESAMPLES, order].astype(np.float64)
    hits, alarms = (_accumulate(weights * mask[order], ends) for mask in (labels, ~labels))
    drawn = [(alarm, hit) for alarm, hit in zip(alarms[1:], hits[1:], strict=True) if np.isfinite(alarm + hit).all()]
    at = np.linspace(0, 1, _BAND_POINTS)
    band = [np.interp(at, alarm, hit) for alarm, hit in drawn] or [np.interp(at, alarms[0], hits[0])]
    low, high = np.percentile(band, [2.5, 97.5], axis=0)
    return RocCurve(alarms[0], hits[0], at, low, high)


def _accumulate(weights: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return ``(R, 1 + len(ends))``: the share of each row's weight up to each end, from 0 to 1."""
    with np.errstate(invalid="ignore"):
        shares = np.cumsum(weights, axis=1)[:, ends] / weights.sum(axis=1, keepdims=True)
    return np.concatenate([np.zeros((len(weights), 1)), shares], axis=1)
