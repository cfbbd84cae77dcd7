"""Operating points, chosen on validation."""

import numpy as np
from sklearn.metrics import roc_curve

from fracture_core.base import EvaluationError
from fracture_core.networks import OperatingPoint, OperatingPoints

SENSITIVITY_GOAL = 0.90  # of the high-sensitivity point,
SPECIFICITY_BESIDE_IT = 0.75  # and the specificity wanted there too
SPECIFICITY_GOAL = 0.95  # of the high-specificity point


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

    What just meets the sensitivity goal on validation would miss it on the next
    data half of the time. So, of the thresholds that meet it, the one is taken
    whose margin over the sensitivity goal and over the specificity wanted beside
    it, the smaller of the two in standard errors, is largest.

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
    return OperatingPoints(
        high_sensitivity=OperatingPoint(
            threshold=min(balanced.threshold, _find_sensitive(p_fracture, truth, groups)),
            rule=f"sensitivity at least {SENSITIVITY_GOAL:.2f} on validation, and there the largest margin in standard "
            f"errors over it and over specificity {SPECIFICITY_BESIDE_IT:.2f}; at most the balanced point",
        ),
        high_specificity=OperatingPoint(
            threshold=max(balanced.threshold, _find_specific(p_fracture, truth, SPECIFICITY_GOAL)),
            rule=f"specificity at least {SPECIFICITY_GOAL:.2f} on validation, at least the balanced point",
        ),
    )


def _find_sensitive(p_fracture: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> float:
    """Return the threshold of the largest margin among those that meet the sensitivity goal."""
    candidates = np.unique(p_fracture[truth])[::-1]  # from the largest on: of equal margins, the more specific wins
    sensitivity = (p_fracture[truth] >= candidates[:, None]).mean(axis=1)
    specificity = (p_fracture[~truth] < candidates[:, None]).mean(axis=1)
    margins = np.minimum(
        _measure_margin(sensitivity, SENSITIVITY_GOAL, len(np.unique(groups[truth]))),
        _measure_margin(specificity, SPECIFICITY_BESIDE_IT, len(np.unique(groups[~truth]))),
    )
    margins[sensitivity < SENSITIVITY_GOAL] = -np.inf
    return _move_between(p_fracture, float(candidates[np.argmax(margins)]))


def _measure_margin(share: np.ndarray, goal: float, n_independent: int) -> np.ndarray:
    """Return how many standard errors of a share at the goal lie between."""
    result: np.ndarray = (share - goal) / np.sqrt(goal * (1 - goal) / n_independent)
    return result


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
