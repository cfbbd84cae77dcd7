"""What may be said of a radiograph, and what is refused with its reason."""

import pytest

from fracture_core.base.errors import ReviewError
from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.read import read_reviews
from fracture_core.failures.reviews.write import add_note, add_tag, mark_reviewed, propose_label
from tests.unit.failures.reviews.test_write import A, B


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
