"""Filters over judged readings."""

from datetime import timedelta

import pytest

from fracture_core.base.errors import FeedbackError
from fracture_core.base.settings import Settings
from fracture_core.records.feedback.disagreements import count_judged, list_judged
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import read_judged
from tests.feedback_world import judge, make_reading
from tests.unit.records.feedback.test_agreement import APRIL, MARCH


def test_filters_narrow_the_list(either_database: Settings) -> None:
    old = make_reading("negative", at=MARCH, region="ankle", model="other")
    judge(old, 1, "Cy")
    judge(make_reading("positive", at=APRIL), 1)
    for filters in (
        FeedbackFilters(call="negative"),
        FeedbackFilters(label="fractured", end=MARCH.date()),
        FeedbackFilters(region="ankle"),
        FeedbackFilters(model="other"),
        FeedbackFilters(who="CY"),
        FeedbackFilters(kind="model"),
        FeedbackFilters(start=MARCH.date(), end=MARCH.date() + timedelta(days=1)),
    ):
        assert [each.reading.id for each in list_judged(filters).readings] == [old.id], filters
        assert count_judged(filters) == 1 == len(read_judged(filters))
        assert FeedbackFilters.from_params(filters.to_params()) == filters
    assert list_judged(FeedbackFilters(label="disputed")).readings == ()


@pytest.mark.parametrize(
    "params", [{"kind": "x"}, {"call": "maybe"}, {"label": "broken"}, {"start": "yesterday"}, {"who": "a\0b"}]
)
def test_filters_that_cannot_be_are_clear_errors(params: dict[str, str]) -> None:
    with pytest.raises(FeedbackError):
        FeedbackFilters.from_params(params)
