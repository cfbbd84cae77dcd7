"""Reviews: rows are only added, and add up to what holds; on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from fracture_core.base.errors import ReviewError, StoreBusyError
from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.read import read_history, read_reviews, stamp_reviews
from fracture_core.failures.reviews.records import Review
from fracture_core.failures.reviews.write import add_note, add_tag, mark_reviewed, propose_label, remove_tag
from tests.unit.conftest import LockDatabase

A, B = "hand/a.jpg", "hand/b.jpg"


def test_nothing_said_is_nothing_and_makes_no_database(own_settings: Settings) -> None:
    assert read_reviews("set") == {} and read_history("set", A) == [] and stamp_reviews("set") == 0
    assert not (own_settings.state_dir / "fracture.db").exists()


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


def test_stamp_changes_with_what_is_said_of_this_data_set_alone(own_settings: Settings) -> None:
    add_tag("set", [A], "x", "Ada")
    first = stamp_reviews("set")
    add_tag("other", [A], "x", "Ada")
    assert stamp_reviews("set") == first
    add_note("set", A, "x", "Ada")
    assert stamp_reviews("set") > first


@pytest.mark.parametrize(
    ("tag", "who", "words"),
    [
        ("", "Ada", "tag is empty"),
        (" \t ", "Ada", "tag is empty"),
        ("x" * 41, "Ada", "41 characters"),
        ("a\nb", "Ada", "control"),
        ("a\x00b", "Ada", "control"),
        ("a\u202eb", "Ada", "control"),
        ("\ud800", "Ada", "control"),
        ("x", "", "name is empty"),
        ("x", "  ", "name is empty"),
        ("x", "A" * 121, "121 characters"),
        ("x", "A\x1b", "control"),
    ],
)
def test_bad_tag_or_person_is_refused(own_settings: Settings, tag: str, who: str, words: str) -> None:
    with pytest.raises(ReviewError, match=words):
        add_tag("set", [A], tag, who)
    assert read_reviews("set") == {}


@pytest.mark.parametrize(("text", "words"), [("  ", "empty"), ("x" * 4001, "4,001"), ("a\x07", "control")])
def test_bad_note_is_refused(own_settings: Settings, text: str, words: str) -> None:
    with pytest.raises(ReviewError, match=words):
        add_note("set", A, text, "Ada")


@pytest.mark.parametrize("label", [2, -1, True])
def test_bad_label_is_refused(own_settings: Settings, label: int) -> None:
    with pytest.raises(ReviewError, match="no label"):
        propose_label("set", [A], label, "Ada")


@pytest.mark.parametrize("names", [[], [""], ["x" * 501], ["a\x00.jpg"], ["a\udcff.jpg"]])
def test_bad_names_are_refused(own_settings: Settings, names: list[str]) -> None:
    with pytest.raises(ReviewError):
        mark_reviewed("set", names, True, "Ada")


def test_bounds_are_told_and_leave_all_files_as_they_were(own_settings: Settings) -> None:
    for number in range(20):
        add_tag("set", [A], f"tag {number}", "Ada")
    with pytest.raises(ReviewError, match="20 tags"):
        add_tag("set", [B, A], "one more", "Ada")
    assert B not in read_reviews("set")
    for number in range(200):
        add_note("set", B, f"note {number}", "Ada")
    with pytest.raises(ReviewError, match="200 notes"):
        add_note("set", B, "one more", "Ada")


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


def test_ten_thousand_files_are_tagged_and_read_in_one_call_each(own_settings: Settings) -> None:
    names = [f"image-{number:05d}.jpg" for number in range(10_000)]
    add_tag("set", names, "batch", "Ada")
    reviews = read_reviews("set")
    assert len(reviews) == 10_000 and all(review.tags == ("batch",) for review in reviews.values())
    assert reviews[names[7]] == Review(tags=("batch",), last_by="Ada", last_at=reviews[names[0]].last_at)
