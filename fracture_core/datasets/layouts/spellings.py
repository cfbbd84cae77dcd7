"""The spellings of the two classes, and of the sides of a split."""

import re

SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
_SPELLINGS = {
    "fractured": 1,
    "fracture": 1,
    "fractures": 1,
    "withfracture": 1,
    "withfractures": 1,
    "positive": 1,
    "notfractured": 0,
    "notfracture": 0,
    "nofracture": 0,
    "nofractures": 0,
    "nonfractured": 0,
    "nonfracture": 0,
    "unfractured": 0,
    "withoutfracture": 0,
    "withoutfractures": 0,
    "normal": 0,
    "negative": 0,
}


def read_label(text: str) -> int | None:
    """Return the label a class name stands for, or None where it stands for none.

    Case, spaces and punctuation make no difference.
    """
    return _SPELLINGS.get(re.sub(r"[\W_]+", "", text.lower()))
