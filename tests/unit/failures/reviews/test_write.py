"""Reviews: rows are only added, and add up to what holds; on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from fracture_core.base.errors import StoreBusyError
from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.read import read_history, read_reviews
from fracture_core.failures.reviews.write import add_note, add_tag, mark_reviewed, propose_label, remove_tag
from tests.unit.conftest import LockDatabase

A, B = "hand/a.jpg", "hand/b.jpg"


def test_all_that_was_said_adds_up(either_database: Settings) -> None:
    before = datetime.now(UTC)
    add_tag("set", [A, B], "  growth   plate ", " Dr Ada ")
    add_note("set", A, "Looks old.\r\nSee lateral view.", "Ben")
    propose_label("set", [A], 1, "Ben")
    mark_reviewed("set", [A], True, "Cy")
    reviews = read_reviews("set")
    assert reviews[B].tags == ("growth plate",) and reviews[B].last_by == "Dr Ada" and not reviews[B].reviewed
    review = reviews[A]
    assert [(note.text, note.who) for note in review.notes] == [("Looks old.\nSee lateral view.", "Ben")]
    assert (review.proposed_label, review.proposed_by, review.reviewed, review.last_by) == (1, "Ben", True, "Cy")
    assert review.last_at is not None and before <= review.last_at <= datetime.now(UTC)
    assert read_reviews("other") == {}


def test_what_is_taken_back_is_gone_but_stays_in_the_history(either_database: Settings) -> None:
    add_tag("set", [A], "Hand", "Ada")
    remove_tag("set", [A], "hand", "Ben")
    propose_label("set", [A], 0, "Ada")
    propose_label("set", [A], None, "Ada")
    mark_reviewed("set", [A], True, "Ada")
    mark_reviewed("set", [A], False, "Ada")
    assert read_reviews("set") == {}
    events = read_history("set", A)
    assert [(event.who, event.kind, event.value) for event in events] == [
        ("Ada", "tag", "Hand"),
        ("Ben", "untag", "hand"),
        ("Ada", "label", "0"),
        ("Ada", "label", ""),
        ("Ada", "reviewed", "1"),
        ("Ada", "reviewed", "0"),
    ]
    assert [event.number for event in events] == sorted({event.number for event in events})


def test_a_tag_is_one_whatever_its_case_and_spelled_as_it_first_was(either_database: Settings) -> None:
    add_tag("set", [A], "Hand", "Ada")
    add_tag("set", [A, B], "HAND", "Ben")
    assert read_reviews("set")[A].tags == ("Hand",) == read_reviews("set")[B].tags
    assert len(read_history("set", A)) == 1


def test_what_holds_already_is_not_said_twice(own_settings: Settings) -> None:
    for _ in range(2):
        add_tag("set", [A, A], "x", "Ada")
        propose_label("set", [A], 1, "Ada")
        mark_reviewed("set", [A], True, "Ada")
        remove_tag("set", [B], "x", "Ada")
    assert len(read_history("set", A)) == 3 and read_history("set", B) == []
    propose_label("set", [A], 1, "Ben")  # a second person of the same opinion
    assert read_reviews("set")[A].proposed_by == "Ben"


def test_text_is_kept_as_text(either_database: Settings) -> None:
    said = "'; DROP TABLE review_events; -- <script>𝄞 %s"
    add_note("set", A, said, said)
    assert read_reviews("set")[A].notes[0].text == said


def test_many_people_at_once_lose_nothing(either_database: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: add_note("set", A, str(number), f"person {number}"), range(24)))
    assert sorted(int(note.text) for note in read_reviews("set")[A].notes) == list(range(24))


def test_locked_database_is_told(own_settings: Settings, lock_database: LockDatabase) -> None:
    add_tag("set", [A], "x", "Ada")
    with lock_database(), pytest.raises(StoreBusyError):
        add_tag("set", [A], "y", "Ada")
    assert read_reviews("set")[A].tags == ("x",)
