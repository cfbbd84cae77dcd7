"""Data sets are found by name or by folder."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import REVIEWED_DATASET, has_reviewed, list_datasets, open_dataset
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
    with pytest.raises(DatasetError, match=r"known data set .phantoms. nor a folder"):
        open_dataset("nothing-of-that-name")


def test_reviewed_radiographs_are_a_data_set_once_there_are_any(own_settings: Settings) -> None:
    folder = write_dataset(own_settings.state_dir / REVIEWED_DATASET, count=4)
    manifest = folder / "manifest.csv"
    manifest.write_text("path,label\n")
    assert not has_reviewed() and list_datasets() == ["phantoms"]
    rows = [
        f"{path.relative_to(folder)},{int(path.parent.name == 'fractured')}" for path in sorted(folder.rglob("*.png"))
    ]
    manifest.write_text("\n".join(["path,label", *rows]) + "\n")
    assert has_reviewed() and list_datasets() == [REVIEWED_DATASET, "phantoms"]
    opened = open_dataset(REVIEWED_DATASET)
    assert (opened.name, opened.layout, len(opened.items)) == (REVIEWED_DATASET, "manifest", 4)
