"""The spellings of the two classes."""

import re

_SPELLINGS = {
    "fractured": 1, "fracture": 1, "fractures": 1, "positive": 1,
    "notfractured": 0, "notfracture": 0, "nofracture": 0, "nofractures": 0, "nonfractured": 0, "nonfracture": 0,
    "unfractured": 0, "normal": 0, "negative": 0,
}  # fmt: skip


def read_label(text: str) -> int | None:
    """Return the label a class name stands for, or None where it stands for none.

    Case, spaces, underscores and hyphens make no difference.
    """
    return _SPELLINGS.get(re.sub(r"[\s_-]+", "", text.lower()))
