"""A class is known however it is written; what could be anything is no class."""

import pytest

from fracture_core.datasets.layouts.items import LABELS
from fracture_core.datasets.layouts.spellings import SPLIT_FOLDERS, read_label


@pytest.mark.parametrize("text", ["Fractured", "FRACTURE", "with-fracture", " positive ", "fractures."])
def test_fractured(text: str) -> None:
    assert LABELS[read_label(text)] == "fractured"


@pytest.mark.parametrize("text", ["not fractured", "Non_Fractured", "unfractured", "NORMAL", "negative"])
def test_not_fractured(text: str) -> None:
    assert LABELS[read_label(text)] == "not fractured"


@pytest.mark.parametrize("text", ["", "0", "dislocated", "fracture or not", "abnormal", "train"])
def test_no_class(text: str) -> None:
    assert read_label(text) is None


def test_no_folder_is_both_a_side_and_a_class() -> None:
    assert set(SPLIT_FOLDERS.values()) == {"train", "val", "test"}
    assert all(read_label(name) is None and name == name.lower() for name in SPLIT_FOLDERS)
