"""The decision curve at points where its height is known."""

import numpy as np
import pytest

from fracture_core.evaluation.decision_curve import draw_decision_curve

LABELS = np.array([1] * 20 + [0] * 80)


def test_at_zero_all_are_called_and_the_benefit_is_the_prevalence() -> None:
    first = draw_decision_curve(LABELS, np.linspace(0, 1, 100))[0]
    assert first.threshold == 0.0
    assert first.model == first.treat_all == pytest.approx(0.2)


def test_calling_all_is_worth_nothing_at_the_prevalence() -> None:
    points = {point.threshold: point for point in draw_decision_curve(LABELS, np.full(100, 0.2))}
    assert points[0.2].treat_all == pytest.approx(0.0, abs=1e-9)
    assert points[0.1].model == points[0.1].treat_all > 0  # p = 0.2 for all: called as a whole up to there
    assert points[0.3].model == points[0.3].treat_none == 0.0


def test_perfect_network_keeps_the_prevalence_at_every_threshold() -> None:
    points = draw_decision_curve(LABELS, LABELS.astype(float))
    assert [point.model for point in points[1:]] == pytest.approx([0.2] * 99)
    assert points[-1].threshold == 0.99


def test_false_alarms_weigh_by_the_odds() -> None:
    p = np.where(LABELS == 1, 1.0, 0.0)
    p[20:30] = 1.0  # ten false alarms
    half = draw_decision_curve(LABELS, p)[50]
    assert half.model == pytest.approx(0.2 - 0.1)
