"""Operating points keep what their rules promise on the data they were chosen on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import EvaluationError
from fracture_core.evaluation.thresholds import (
    SENSITIVITY_GOAL,
    SPECIFICITY_BESIDE_IT,
    SPECIFICITY_GOAL,
    choose_operating_point,
    choose_operating_points,
)
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints


def choose(p: np.ndarray, labels: np.ndarray) -> OperatingPoints:
    return choose_operating_points(p, labels, choose_operating_point(p, labels))


def test_separable_data_leaves_nothing_uncertain() -> None:
    points = choose(np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), np.array([0, 0, 0, 1, 1, 1]))
    assert points.high_sensitivity.threshold == points.high_specificity.threshold == pytest.approx(0.5)


def draw(separation: float, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    labels = np.repeat([0, 1], n // 2)
    return np.clip(np.random.default_rng(0).normal(0.35 + separation * labels, 0.15), 0, 1), labels


def test_where_specificity_is_wanting_sensitivity_has_no_margin() -> None:
    p, labels = draw(0.15)
    points = choose(p, labels)
    low, high = points.high_sensitivity.threshold, points.high_specificity.threshold
    assert low < choose_operating_point(p, labels).threshold < high
    assert SENSITIVITY_GOAL <= (p[labels == 1] >= low).mean() < SENSITIVITY_GOAL + 0.01
    assert SPECIFICITY_GOAL <= (p[labels == 0] < high).mean() < SPECIFICITY_GOAL + 0.01


def test_where_both_goals_are_met_both_have_a_margin() -> None:
    p, labels = draw(0.36)
    low = choose(p, labels).high_sensitivity.threshold
    sensitivity, specificity = (p[labels == 1] >= low).mean(), (p[labels == 0] < low).mean()
    error = np.sqrt(0.9 * 0.1 / 200), np.sqrt(0.75 * 0.25 / 200)
    assert sensitivity > SENSITIVITY_GOAL + error[0] and specificity > SPECIFICITY_BESIDE_IT + error[1]


def test_fewer_independent_fractures_ask_for_more_sensitivity() -> None:
    p, labels = draw(0.36)
    balanced = OperatingPoint(threshold=1.0)  # so that it does not bound the other
    few = np.where(labels == 1, np.arange(len(labels)) % 10, np.arange(len(labels)))
    alone = choose_operating_points(p, labels, balanced).high_sensitivity.threshold
    grouped = choose_operating_points(p, labels, balanced, few).high_sensitivity.threshold
    assert (p[labels == 1] >= grouped).mean() > (p[labels == 1] >= alone).mean() >= SENSITIVITY_GOAL


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60))
def test_rules_hold_and_the_balanced_point_lies_in_the_zone(rows: list[tuple[int, bool]]) -> None:
    p, labels = np.array([row[0] / 20 for row in rows]), np.array([int(row[1]) for row in rows])
    if len(np.unique(labels)) < 2:
        with pytest.raises(EvaluationError, match="both classes"):
            choose_operating_point(p, labels)
        return
    balanced, points = choose_operating_point(p, labels), choose(p, labels)
    assert points.high_sensitivity.threshold <= balanced.threshold <= points.high_specificity.threshold
    assert (p[labels == 1] >= points.high_sensitivity.threshold).mean() >= SENSITIVITY_GOAL
    # At p = 1, no threshold spares the others.
    if (p[labels == 0] < 1).mean() >= SPECIFICITY_GOAL:
        assert (p[labels == 0] < points.high_specificity.threshold).mean() >= SPECIFICITY_GOAL
