"""What a tag, a note and a person's name may be; everything else is refused with a reason."""

import unicodedata
from collections.abc import Iterable

from fracture_core.base import ReviewError

LONGEST_WHO, LONGEST_TAG, LONGEST_NOTE = 120, 40, 4000  # characters
MOST_TAGS, MOST_NOTES = 20, 200  # of one file
_LONGEST_DATASET, _LONGEST_NAME = 200, 500
_UNSEEN = {"Cc", "Cs"}  # control characters, and halves of characters
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # text that shows in another order


def check_who(who: str) -> str:
    """Return the person's name without blanks around it.

    Raises:
        ReviewError: none is given, it is too long, or holds characters that do not show.
    """
    return check_line(who, "your name", LONGEST_WHO)


def check_tag(tag: str) -> str:
    """Return the tag with single blanks; errors as of ``check_who``."""
    return check_line(tag, "the tag", LONGEST_TAG)


def check_note(text: str) -> str:
    """Return the note without blanks around it, lines ended alike; errors as of ``check_who``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    _refuse_unseen(lines.replace("\n", "").replace("\t", ""), "the note")
    return _check_length(lines, "the note", LONGEST_NOTE)


def check_label(label: int | None) -> int | None:
    """Return the label.

    Raises:
        ReviewError: neither 0, 1 nor None.
    """
    if label is not None and (isinstance(label, bool) or label not in (0, 1)):
        raise ReviewError(f"{label!r} is no label.", "Propose fractured (1) or not fractured (0), or none.")
    return label


def check_files(dataset: str, names: Iterable[str]) -> list[str]:
    """Return the file names, each once.

    Raises:
        ReviewError: none is given, or a name cannot be kept.
    """
    unique = list(dict.fromkeys(names))
    if not unique:
        raise ReviewError("No radiograph is chosen.", "Choose at least one.")
    for text, what, most in (
        (dataset, "the data set's name", _LONGEST_DATASET),
        *((n, "a file's name", _LONGEST_NAME) for n in unique),
    ):
        _refuse_unseen(text, what)
        _check_length(text, what, most)
    return unique


def fold(tag: str) -> str:
    """Return what two spellings of one tag have in common: "Hand" and "hand" are the same."""
    return tag.casefold()


def check_line(text: str, what: str, most: int) -> str:
    """Return a line with single blanks; errors as of ``check_who``, which name it as ``what``."""
    _refuse_unseen(text.replace("\t", " "), what)
    return _check_length(" ".join(unicodedata.normalize("NFC", text).split()), what, most)


def _check_length(text: str, what: str, most: int) -> str:
    if not text:
        raise ReviewError(f"{what[0].upper()}{what[1:]} is empty.", f"Write between 1 and {most:,} characters.")
    if len(text) > most:
        raise ReviewError(
            f"{what[0].upper()}{what[1:]} has {len(text):,} characters; at most {most:,} are kept.", "Shorten it."
        )
    return text


def _refuse_unseen(text: str, what: str) -> None:
    if any(unicodedata.category(character) in _UNSEEN or character in _TURNING for character in text):
        raise ReviewError(
            f"{what[0].upper()}{what[1:]} holds characters that do not show (control characters).",
            "Type it anew instead of pasting it.",
        )
