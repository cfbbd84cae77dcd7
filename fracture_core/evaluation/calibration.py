"""Calibration and operating point, both fitted on validation."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve

from fracture_core.errors import EvaluationError
from fracture_core.registry import Calibration, OperatingPoint


def fit_calibration(margins: np.ndarray, labels: np.ndarray) -> Calibration:
    """Return the scale and offset that make ``sigmoid(scale * m + offset)`` fit the labels.

    A scale that is not positive would turn the model's ranking round; then only
    the offset is used.

    Raises:
        EvaluationError: one class only.

    Source: Platt 1999; Guo et al. 2017, arXiv:1706.04599, sec. 4.
    """
    if len(np.unique(labels)) < 2:
        raise EvaluationError("Calibration needs radiographs of both classes in validation.")
    regression = LogisticRegression(C=1e4).fit(np.asarray(margins).reshape(-1, 1), labels)
    scale, offset = float(regression.coef_[0, 0]), float(regression.intercept_[0])
    if scale <= 0:
        prevalence = float(np.mean(labels))
        return Calibration(scale=1e-3, offset=float(np.log(prevalence / (1 - prevalence))))
    return Calibration(scale=scale, offset=offset)


def choose_operating_point(p_fracture: np.ndarray, labels: np.ndarray) -> OperatingPoint:
    """Return the threshold with the largest sensitivity + specificity (Youden 1950).

    The threshold is put midway between the two neighbouring probabilities, so
    that it does not sit on a validation radiograph.
    """
    false_positive, true_positive, thresholds = roc_curve(labels, p_fracture, drop_intermediate=False)
    best = int(np.argmax(true_positive - false_positive))
    at = min(float(thresholds[best]), 1.0)
    below = [p for p in np.unique(p_fracture) if p < at]
    threshold = (at + below[-1]) / 2 if below else at
    return OperatingPoint(threshold=float(threshold), rule="largest sensitivity + specificity on validation")
