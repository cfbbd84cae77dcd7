"""What calling by the network is worth, against calling all or none (Vickers & Elkin 2006).

Apart: a figure of its own, with its own source.
"""

import numpy as np

from fracture_core.evaluation.records import DecisionPoint

THRESHOLDS = np.arange(100) / 100


def draw_decision_curve(labels: np.ndarray, p_fracture: np.ndarray) -> tuple[DecisionPoint, ...]:
    """Return the net benefit per radiograph at thresholds from 0 to 0.99.

    At threshold t, one false alarm weighs ``t / (1 - t)`` of a fracture found:
    a reader who wants a second look from t on says just that.

    Args:
        labels: ``(N,)`` 0 or 1.
        p_fracture: ``(N,)`` calibrated, in [0, 1].

    Source: Vickers & Elkin 2006, Medical Decision Making 26 (6).
    """
    truth = np.asarray(labels).astype(bool)
    prevalence = float(truth.mean())
    points = []
    for threshold in THRESHOLDS:
        weight = threshold / (1 - threshold)
        called = p_fracture >= threshold
        benefit = float((called & truth).mean() - weight * (called & ~truth).mean())
        for_all = prevalence - weight * (1 - prevalence)
        points.append(
            DecisionPoint(threshold=round(float(threshold), 2), model=round(benefit, 5), treat_all=round(for_all, 5))
        )
    return tuple(points)
