"""Figures of the three-way call, and of each operating point."""

import numpy as np

from fracture_core.evaluation.metrics import compute_point_metrics, compute_share
from fracture_core.evaluation.records import CallFigures, PointFigures
from fracture_core.networks import CALLS, Manifest, decide_call


def measure_points(
    labels: np.ndarray, p_fracture: np.ndarray, manifest: Manifest, weights: np.ndarray
) -> dict[str, PointFigures]:
    """Return the figures at the balanced point and, where there are some, at the two ends of the uncertain zone."""
    points = {"balanced": manifest.operating_point}
    if manifest.operating_points:
        points = {
            "high_sensitivity": manifest.operating_points.high_sensitivity,
            **points,
            "high_specificity": manifest.operating_points.high_specificity,
        }
    return {
        name: PointFigures(
            threshold=point.threshold,
            rule=point.rule,
            metrics=compute_point_metrics(labels, p_fracture >= point.threshold, weights),
        )
        for name, point in points.items()
    }


def measure_calls(labels: np.ndarray, p_fracture: np.ndarray, manifest: Manifest, weights: np.ndarray) -> CallFigures:
    """Return how many were called what, and how far the certain calls can be trusted."""
    truth = np.asarray(labels).astype(bool)
    calls = np.array([decide_call(float(p), manifest.call_points) for p in p_fracture])
    uncertain = calls == "uncertain"
    return CallFigures(
        fractured={call: int((calls[truth] == call).sum()) for call in CALLS},
        not_fractured={call: int((calls[~truth] == call).sum()) for call in CALLS},
        uncertain=compute_share(uncertain, np.ones_like(truth), weights),
        accuracy_of_certain=compute_share((calls == "positive") == truth, ~uncertain, weights),
    )
