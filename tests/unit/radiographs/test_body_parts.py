"""Body parts: from codes and words to the region that a test set knows."""

import pytest

from fracture_core.radiographs.body_parts import BodyPart, find_body_part, list_known_body_parts, word_covered_parts


@pytest.mark.parametrize(
    ("name", "word", "region"),
    [
        ("ANKLE", "ankle", "leg"),
        ("TIBIA_FIBULA", "lower leg", "leg"),
        ("Lower leg", "lower leg", "leg"),
        ("WRIST", "wrist", "hand"),
        ("HIP", "hip", "hip"),
        ("FEMUR", "thigh", ""),
        ("CHEST", "chest", ""),
    ],
)
def test_body_parts(name: str, word: str, region: str) -> None:
    found = find_body_part(name)
    assert (found.word, found.region) == (word, region)
    assert found.is_wider == (region in ("hand", "leg"))


@pytest.mark.parametrize("name", ["", "  ", "_", "12", "--"])
def test_what_is_no_word_is_no_body_part(name: str) -> None:
    assert find_body_part(name) == BodyPart()


def test_what_leaves_open_what_is_shown_is_vague() -> None:
    assert find_body_part("UPPER_EXTREMITY").is_vague and not find_body_part("WRIST").is_vague


def test_the_known_ones_are_their_own_words() -> None:
    known = list_known_body_parts()
    assert len(set(known)) == len(known)
    assert [find_body_part(word).word for word in known] == known


def test_what_a_region_covers_is_told_in_words() -> None:
    assert word_covered_parts("leg") == "knee, lower leg, ankle, foot, heel and toe"
    assert word_covered_parts("hip") == "hip"
