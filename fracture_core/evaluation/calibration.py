"""Calibration: fitted on validation, and measured wherever a checkpoint is evaluated."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from fracture_core.base import EvaluationError
from fracture_core.evaluation.metrics import Metric, build_metric, compute_mean, compute_share
from fracture_core.evaluation.records import CalibrationFigures, ReliabilityBin
from fracture_core.networks import Calibration

BINS = 15
_LEAST_P = 1e-7  # one radiograph called with certainty, and wrongly, does not make the log loss infinite


def fit_calibration(margins: np.ndarray, labels: np.ndarray) -> Calibration:
    """Return the scale (one over the temperature) and offset that make ``sigmoid(scale * m + offset)`` fit the labels.

    A scale that is not positive would turn the model's ranking round; then only
    the offset is used.

    Raises:
        EvaluationError: one class only.

    Source: Platt 1999; Guo et al. 2017, arXiv:1706.04599, sec. 4.
    """
    if len(np.unique(labels)) < 2:
        raise EvaluationError(
            "Calibration needs radiographs of both classes in validation.", "Add some of the class that is missing."
        )
    regression = LogisticRegression(C=1e4).fit(np.asarray(margins).reshape(-1, 1), labels)
    scale, offset = float(regression.coef_[0, 0]), float(regression.intercept_[0])
    if scale <= 0:
        prevalence = float(np.mean(labels))
        return Calibration(scale=1e-3, offset=float(np.log(prevalence / (1 - prevalence))))
    return Calibration(scale=scale, offset=offset)


def measure_calibration(
    labels: np.ndarray, p_fracture: np.ndarray, weights: np.ndarray, temperature: float
) -> CalibrationFigures:
    """Return the calibration error, Brier score, log loss and reliability curve.

    Bins hold equally many files each (equal mass): with equal widths, a few
    files in a wide bin would decide the error (Nixon et al. 2019, arXiv:1904.01685).

    Args:
        labels: ``(N,)`` 0 or 1.
        p_fracture: ``(N,)`` calibrated, in [0, 1].
        weights: from ``draw_weights``.
    """
    labels, p_fracture = np.asarray(labels, np.float64), np.asarray(p_fracture, np.float64)
    bins = _assign_bins(p_fracture)
    p_of_label = np.clip(np.where(labels == 1, p_fracture, 1 - p_fracture), _LEAST_P, 1.0)
    return CalibrationFigures(
        ece=_compute_ece(labels, p_fracture, bins, weights),
        brier=compute_mean((p_fracture - labels) ** 2, weights),
        log_loss=compute_mean(-np.log(p_of_label), weights),
        temperature=round(temperature, 4),
        bins=tuple(
            ReliabilityBin(
                mean_p=round(float(p_fracture[inside].mean()), 4),
                fractured=compute_share(labels == 1, inside, weights),
            )
            for inside in bins
        ),
    )


def _assign_bins(p_fracture: np.ndarray) -> np.ndarray:
    """Return ``(B, N)`` bool: B is ``BINS`` or fewer, because equal probabilities share a bin."""
    edges = np.unique(np.quantile(p_fracture, np.linspace(0, 1, BINS + 1)[1:-1]))
    member = np.searchsorted(edges, p_fracture, side="right")
    result: np.ndarray = np.unique(member)[:, None] == member
    return result


def _compute_ece(labels: np.ndarray, p_fracture: np.ndarray, bins: np.ndarray, weights: np.ndarray) -> Metric:
    """Return the expected calibration error: the mean over bins of how far p is from the share fractured.

    A mean of absolute values is larger in resamples than in the data; so the
    resamples are moved until their median is the figure.
    """
    gaps = np.abs(weights @ (bins * (p_fracture - labels)).T).sum(axis=1)
    values = gaps / weights.sum(axis=1)
    values[1:] += values[0] - np.median(values[1:])
    return build_metric(np.maximum(values, 0.0), len(labels))
