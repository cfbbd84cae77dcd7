"""Calibration undoes a known distortion; the operating point maximises Youden's index."""

import numpy as np
import pytest

from fracture_core.errors import EvaluationError
from fracture_core.evaluation.calibration import fit_calibration
from fracture_core.evaluation.thresholds import choose_operating_point
from fracture_core.reading.inference import calibrate


def test_known_distortion_is_undone() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(-1, 2, 20_000)
    labels = (random.uniform(size=truth.size) < 1 / (1 + np.exp(-truth))).astype(int)
    calibration = fit_calibration(truth * 4 + 3, labels)
    assert calibration.scale == pytest.approx(0.25, rel=0.05)
    assert calibration.offset == pytest.approx(-0.75, abs=0.08)
    assert calibrate(truth * 4 + 3, calibration).mean() == pytest.approx(labels.mean(), abs=1e-3)


def test_ranking_is_never_turned_round() -> None:
    labels = np.array([1, 1, 0, 0, 0])
    calibration = fit_calibration(np.array([-2.0, -1.0, 1.0, 2.0, 3.0]), labels)
    assert calibration.scale > 0
    assert calibrate(np.zeros(1), calibration)[0] == pytest.approx(0.4)


def test_one_class_is_told() -> None:
    with pytest.raises(EvaluationError, match="both classes"):
        fit_calibration(np.array([0.0, 1.0]), np.array([1, 1]))


def test_operating_point_maximises_sensitivity_plus_specificity() -> None:
    labels = np.array([0, 0, 0, 1, 0, 1, 1])
    p = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    point = choose_operating_point(p, labels)
    best = max((p >= t)[labels == 1].mean() + (p < t)[labels == 0].mean() for t in np.linspace(0, 1, 101))
    calls = p >= point.threshold
    assert calls[labels == 1].mean() + (~calls)[labels == 0].mean() == pytest.approx(best)
    assert point.threshold not in p


def test_operating_point_of_a_hopeless_model_is_a_probability() -> None:
    point = choose_operating_point(np.array([0.9, 0.8, 0.2, 0.1]), np.array([0, 0, 1, 1]))
    assert 0 <= point.threshold <= 1
