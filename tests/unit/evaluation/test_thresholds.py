"""Operating points keep what their rules promise on the data they were chosen on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.errors import EvaluationError
from fracture_core.evaluation.thresholds import (
    SENSITIVITY_GOAL,
    SPECIFICITY_GOAL,
    choose_operating_point,
    choose_operating_points,
)
from fracture_core.operating_points import OperatingPoints


def choose(p: np.ndarray, labels: np.ndarray) -> OperatingPoints:
    return choose_operating_points(p, labels, choose_operating_point(p, labels))


def test_separable_data_leaves_nothing_uncertain() -> None:
    points = choose(np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), np.array([0, 0, 0, 1, 1, 1]))
    assert points.high_sensitivity.threshold == points.high_specificity.threshold == pytest.approx(0.5)


def test_overlap_makes_a_zone_with_a_margin() -> None:
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1], 200)
    p = np.clip(random.normal(0.4 + 0.15 * labels, 0.15), 0, 1)
    points = choose(p, labels)
    low, high = points.high_sensitivity.threshold, points.high_specificity.threshold
    assert low < choose_operating_point(p, labels).threshold < high
    wanted = SENSITIVITY_GOAL + np.sqrt(0.9 * 0.1 / 200)
    assert wanted <= (p[labels == 1] >= low).mean() < wanted + 0.02
    assert f"{wanted:.3f}" in points.high_sensitivity.rule
    assert SPECIFICITY_GOAL <= (p[labels == 0] < high).mean() < SPECIFICITY_GOAL + 0.01


def test_copies_do_not_make_the_margin_smaller() -> None:
    labels = np.tile([0, 0, 1, 1], 50)
    p = np.tile([0.1, 0.6, 0.4, 0.9], 50)
    balanced = choose_operating_point(p, labels)
    assert "of 2 independent" in choose_operating_points(p, labels, balanced, np.tile(np.arange(4), 50)).high_sensitivity.rule
    assert "of 100 independent" in choose_operating_points(p, labels, balanced).high_sensitivity.rule


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
