"""The ROC curve and its band."""

import numpy as np
import pytest

from fracture_core.evaluation.records import Prediction
from fracture_core.evaluation.roc import trace_roc


def make_predictions(labels: list[int], p: list[float]) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(name=str(n), label=label, p_fracture=value, correct=True, group=str(n), radiograph=str(n))
        for n, (label, value) in enumerate(zip(labels, p, strict=True))
    )


def test_curve_by_hand_with_a_tie() -> None:
    curve = trace_roc(make_predictions([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1]))
    assert curve.false_alarms == pytest.approx([0, 0, 0.5, 1])
    assert curve.sensitivity == pytest.approx([0, 0.5, 1, 1])


def test_band_holds_the_curve_and_one_class_has_none() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 200)
    p = np.clip(random.normal(0.4 + 0.2 * labels, 0.2), 0, 1)
    curve = trace_roc(make_predictions(labels.tolist(), p.tolist()))
    at = np.interp(curve.band_at, curve.false_alarms, curve.sensitivity)
    inside = (curve.band_low <= at + 0.02) & (at <= curve.band_high + 0.02)
    assert inside.mean() > 0.95 and (curve.band_low <= curve.band_high).all()
    assert trace_roc(make_predictions([1, 1], [0.2, 0.4])) is None
