"""Data sets are found by name or by folder."""

import pytest

from fracture_core.data.sources import list_datasets, open_dataset
from fracture_core.errors import DatasetError
from fracture_core.settings import Settings
from tests.tiny_world import write_dataset


def test_known_names_and_phantoms(own_settings: Settings) -> None:
    assert list_datasets() == ["phantoms"]
    write_dataset(own_settings.data_dir / "ours", count=4)
    (own_settings.data_dir / ".cache").mkdir()
    assert list_datasets() == ["ours", "phantoms"]
    assert len(open_dataset("ours").items) == 4


def test_folder_is_opened(own_settings: Settings) -> None:
    root = write_dataset(own_settings.state_dir / "elsewhere", count=4)
    assert open_dataset(str(root)).name == "elsewhere"


def test_unknown_name_says_what_is_known(own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match="known data set .phantoms. nor a folder"):
        open_dataset("nothing-of-that-name")
