"""Operating points, chosen on validation."""

import numpy as np
from sklearn.metrics import roc_curve

from fracture_core.errors import EvaluationError
from fracture_core.operating_points import OperatingPoint, OperatingPoints

SENSITIVITY_GOAL = 0.90
SPECIFICITY_GOAL = 0.95


def choose_operating_point(p_fracture: np.ndarray, labels: np.ndarray) -> OperatingPoint:
    """Return the balanced threshold, with the largest sensitivity + specificity (Youden 1950).

    The threshold is put midway between the two neighbouring probabilities, so
    that it does not sit on a validation radiograph.

    Raises:
        EvaluationError: one class only.
    """
    _check_both_classes(labels)
    false_positive, true_positive, thresholds = roc_curve(labels, p_fracture, drop_intermediate=False)
    best = int(np.argmax(true_positive - false_positive))
    threshold = _move_between(p_fracture, min(float(thresholds[best]), 1.0))
    return OperatingPoint(threshold=threshold, rule="largest sensitivity + specificity on validation")


def choose_operating_points(
    p_fracture: np.ndarray, labels: np.ndarray, balanced: OperatingPoint, groups: np.ndarray | None = None
) -> OperatingPoints:
    """Return the ends of the uncertain zone.

    The sensitivity wanted on validation is the goal plus one standard error of a
    share of that many independent fractures: what just meets the goal here would
    miss it on the next data half of the time.

    The balanced point always lies in the zone, so that a label and a call never
    contradict each other. A network good enough to meet both goals at the
    balanced point has both ends there, and leaves nothing uncertain.

    Args:
        p_fracture, labels: ``(N,)`` of validation.
        balanced: from ``choose_operating_point``.
        groups: ``(N,)`` files of one group are not independent; None: all are.

    Raises:
        EvaluationError: one class only.
    """
    _check_both_classes(labels)
    truth = np.asarray(labels).astype(bool)
    groups = np.arange(len(truth)) if groups is None else np.asarray(groups)
    n_fractures = len(np.unique(groups[truth]))
    sensitivity = min(1.0, SENSITIVITY_GOAL + np.sqrt(SENSITIVITY_GOAL * (1 - SENSITIVITY_GOAL) / n_fractures))
    return OperatingPoints(
        high_sensitivity=OperatingPoint(
            threshold=min(balanced.threshold, _find_sensitive(p_fracture, truth, sensitivity)),
            rule=f"sensitivity at least {sensitivity:.3f} on validation ({SENSITIVITY_GOAL:.2f} plus one standard "
            f"error of {n_fractures} independent fractures), at most the balanced point",
        ),
        high_specificity=OperatingPoint(
            threshold=max(balanced.threshold, _find_specific(p_fracture, truth, SPECIFICITY_GOAL)),
            rule=f"specificity at least {SPECIFICITY_GOAL:.2f} on validation, at least the balanced point",
        ),
    )


def _find_sensitive(p_fracture: np.ndarray, truth: np.ndarray, sensitivity: float) -> float:
    """Return the largest threshold that calls at least this share of the fractured."""
    fractured = np.sort(p_fracture[truth])[::-1]
    needed = max(1, int(np.ceil(sensitivity * len(fractured) - 1e-9)))
    return _move_between(p_fracture, float(fractured[needed - 1]))


def _find_specific(p_fracture: np.ndarray, truth: np.ndarray, specificity: float) -> float:
    """Return the smallest threshold that does not call at least this share of the others."""
    others = np.sort(p_fracture[~truth])
    needed = max(1, int(np.ceil(specificity * len(others) - 1e-9)))
    above = p_fracture[p_fracture > others[needed - 1]]
    return _move_between(p_fracture, float(above.min())) if len(above) else 1.0


def _move_between(p_fracture: np.ndarray, at: float) -> float:
    """Return a threshold midway to the next smaller probability; what is called stays the same."""
    below = p_fracture[p_fracture < at]
    return float((at + below.max()) / 2) if len(below) else at


def _check_both_classes(labels: np.ndarray) -> None:
    if len(np.unique(labels)) < 2:
        raise EvaluationError(
            "An operating point needs radiographs of both classes in validation.",
            "Add some of the class that is missing.",
        )
