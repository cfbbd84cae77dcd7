"""Calibration undoes a known distortion; the operating point maximises Youden's index."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import EvaluationError
from fracture_core.evaluation.calibration import BINS, fit_calibration, measure_calibration
from fracture_core.evaluation.metrics import draw_weights
from fracture_core.evaluation.records import CalibrationFigures
from fracture_core.evaluation.thresholds import choose_operating_point
from fracture_core.reading.engine.inference import calibrate


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


def measure(labels: np.ndarray, p: np.ndarray) -> CalibrationFigures:
    return measure_calibration(labels, p, draw_weights(np.arange(len(labels))), temperature=1.0)


def test_calibrated_probabilities_have_little_error() -> None:
    random = np.random.default_rng(0)
    p = random.beta(1, 3, 20_000)
    labels = (random.uniform(size=p.size) < p).astype(int)
    figures = measure(labels, p)
    assert figures.ece.value < 0.01
    assert figures.brier.value == pytest.approx((p * (1 - p)).mean(), abs=0.005)
    assert sum(bin_.fractured.n for bin_ in figures.bins) == len(p)
    assert all(abs(bin_.fractured.value - bin_.mean_p) < 0.04 for bin_ in figures.bins)


def test_error_of_one_bin_by_hand() -> None:
    figures = measure(np.array([1, 0, 0, 0]), np.full(4, 0.75))
    assert len(figures.bins) == 1 and figures.bins[0].fractured.value == 0.25
    assert figures.ece.value == 0.5
    assert figures.brier.value == pytest.approx((0.25**2 + 3 * 0.75**2) / 4, abs=1e-4)
    assert figures.log_loss.value == pytest.approx(-(np.log(0.75) + 3 * np.log(0.25)) / 4, abs=1e-4)


def test_too_sure_probabilities_are_told_by_the_error() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(0, 1.5, 5000)
    labels = (random.uniform(size=truth.size) < 1 / (1 + np.exp(-truth))).astype(int)
    figures = [measure(labels, 1 / (1 + np.exp(-slope * truth))) for slope in (1, 3)]
    assert figures[0].ece.high < figures[1].ece.low
    assert figures[0].log_loss.value < figures[1].log_loss.value


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40))
def test_bins_hold_every_file_and_the_error_lies_in_its_interval(rows: list[tuple[int, bool]]) -> None:
    p, labels = np.array([row[0] / 10 for row in rows]), np.array([int(row[1]) for row in rows])
    figures = measure(labels, p)
    assert sum(bin_.fractured.n for bin_ in figures.bins) == len(rows)
    assert 1 <= len(figures.bins) <= BINS
    assert 0 <= figures.ece.low <= figures.ece.value <= figures.ece.high
