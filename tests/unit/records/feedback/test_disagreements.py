"""Disagreements, a page at a time."""

import pytest

from fracture_core.base.errors import FeedbackError
from fracture_core.base.settings import Settings
from fracture_core.records.feedback.disagreements import count_judged, list_disagreements, list_judged
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import read_judged
from tests.feedback_world import judge, make_reading


def test_disagreements_are_listed_a_page_at_a_time(either_database: Settings) -> None:
    readings = [make_reading("positive", key=number) for number in range(7)]
    for number, record in enumerate(readings):
        judge(record, 0 if number < 5 else 1)
    judge(readings[0], 1, "Ben")  # no longer against the call
    judge(readings[6], 0, "Cy", note="A fissure, no break.")
    first = list_disagreements(limit=3)
    second = list_disagreements(limit=3, before=first.older)
    ids = [each.reading.id for page in (first, second) for each in page.readings]
    assert ids == [readings[number].id for number in (6, 4, 3, 2, 1)] and second.older is None
    assert [(each.who, each.label) for each in first.readings[0].said] == [("Ben", 1), ("Cy", 0)]
    assert first.readings[0].consensus.is_disputed and not first.readings[1].consensus.is_disputed
    [divided] = list_disagreements(FeedbackFilters(kind="readers")).readings
    assert divided.reading.id == readings[6].id
    assert len(list_judged().readings) == 7 == count_judged()


def test_a_list_of_no_length_is_refused(own_settings: Settings) -> None:
    with pytest.raises(FeedbackError, match="at once"):
        list_judged(limit=0)
    assert list_judged().readings == () and count_judged() == 0 and read_judged() == []
