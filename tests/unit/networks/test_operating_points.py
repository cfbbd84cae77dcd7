"""The three-way call: its order and its edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fracture_core.networks.operating_points import CALLS, OperatingPoint, OperatingPoints, decide_call

probabilities = st.floats(0, 1)


def make_points(low: float, high: float) -> OperatingPoints:
    return OperatingPoints(
        high_sensitivity=OperatingPoint(threshold=low), high_specificity=OperatingPoint(threshold=high)
    )


def test_calls_at_and_beside_the_thresholds() -> None:
    points = make_points(0.2, 0.6)
    called = [decide_call(p, points) for p in (0.0, 0.19, 0.2, 0.59, 0.6, 1.0)]
    assert called == ["negative", "negative", "uncertain", "uncertain", "positive", "positive"]


@given(probabilities, probabilities)
def test_one_threshold_leaves_nothing_uncertain(p: float, threshold: float) -> None:
    assert decide_call(p, make_points(threshold, threshold)) == ("positive" if p >= threshold else "negative")


@given(probabilities, probabilities, probabilities, probabilities)
def test_a_higher_probability_is_never_called_less(p: float, q: float, a: float, b: float) -> None:
    points = make_points(min(a, b), max(a, b))
    rank = {call: -CALLS.index(call) for call in CALLS}
    assert rank[decide_call(min(p, q), points)] <= rank[decide_call(max(p, q), points)]


def test_crossed_thresholds_are_refused() -> None:
    with pytest.raises(ValidationError, match="above"):
        make_points(0.6, 0.2)
