"""What can be said of a call: agreement, and the label that follows from it."""

import re
from collections.abc import Callable
from typing import TypeVar

from fracture_core import failures
from fracture_core.base import FeedbackError, ReviewError
from fracture_core.datasets import LABELS
from fracture_core.radiographs import find_body_part
from fracture_core.store import Call

LONGEST_REGION = 40
_ID = re.compile(r"[0-9a-f]{32}")
_T = TypeVar("_T")
_CALLED: dict[Call, int] = {"positive": 1, "negative": 0}


def is_reading_id(text: str) -> bool:
    """Return whether a reading's id can be of this form; not every database takes any text."""
    return _ID.fullmatch(text) is not None


def find_called_label(call: Call) -> int | None:
    """Return the label that a call stands for; None where it is uncertain."""
    return _CALLED.get(call)


def check_word(call: Call, agrees: bool | None, label: int | None) -> tuple[bool | None, int]:
    """Return agreement and label as they are kept.

    Who agrees with a positive or negative call need not name the label; who disagrees names the other one. With
    an uncertain call nobody agrees or disagrees: the label is what counts.

    Raises:
        FeedbackError: nothing is said, or the two contradict each other.
    """
    label = _check(failures.check_label, label)
    called = find_called_label(call)
    if called is None:
        if label is None:
            raise FeedbackError(
                "The call is uncertain, which leaves nothing to agree with.",
                "Say what you see: fractured or not fractured.",
            )
        return None, label
    if agrees is None:
        raise FeedbackError("It is not said whether you agree.", "Agree, or disagree and say what it is.")
    if agrees:
        if label == 1 - called:
            raise FeedbackError(
                f"You agree with the call {call}, and yet say that it is {LABELS[1 - called]}.",
                "Choose one of the two.",
            )
        return True, called
    if label is None:
        raise FeedbackError("You disagree, but do not say what it is.", f"Is it {LABELS[1 - called]}? Name the label.")
    if label == called:
        raise FeedbackError(
            f"You disagree with the call {call}, and yet say that it is {LABELS[called]}.",
            "Agree; what else is wrong goes into the note.",
        )
    return False, label


def check_who(who: str) -> str:
    """Return the name with single blanks; raises FeedbackError where none can be kept."""
    return _check(failures.check_who, who)


def check_region(region: str) -> str:
    """Return a body part in plain words, empty where none is named; raises FeedbackError where it cannot be kept."""
    if not region.strip():
        return ""
    line = _check(lambda text: failures.check_line(text, "the body part", LONGEST_REGION), region)
    return find_body_part(line).word


def check_note(note: str) -> str:
    """Return the note, empty where there is none; raises FeedbackError where it cannot be kept."""
    return _check(failures.check_note, note) if note.strip() else ""


def name_person(who: str) -> str:
    """Return what the spellings of one name have in common."""
    return who.casefold()


def _check(check: Callable[[_T], _T], value: _T) -> _T:
    try:
        return check(value)
    except ReviewError as error:
        raise FeedbackError(error.problem, error.remedy) from error
