"""What a training would learn from, and what it lacks, told before it starts."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.training.preview import preview_data
from fracture_core.training.runs.run import TrainingRequest
from tests.tiny_world import write_dataset


def ignore(_what: str, _done: int, _total: int) -> None:
    pass


def test_sides_are_those_of_the_training(own_settings: Settings) -> None:
    write_dataset(own_settings.data_dir / "drawn", count=24)
    preview = preview_data(TrainingRequest(data=("drawn",), recipe="quick", input_size_px=32), ignore)
    assert [side.name for side in preview.sides] == ["train", "val", "test"]
    assert sum(side.files for side in preview.sides) + preview.excluded == 24
    assert sum(side.fractured for side in preview.sides) == 12
    assert all(side.groups <= side.radiographs <= side.files for side in preview.sides)
    assert all(sum(side.regions.values()) == side.files for side in preview.sides)
    assert preview.drawn == preview.sides[0].files and preview.validated == preview.sides[1].files
    assert list(preview.fingerprints) == ["drawn"]


def test_mirror_copies_are_drawn_too(own_settings: Settings) -> None:
    write_dataset(own_settings.data_dir / "drawn", count=24)
    preview = preview_data(TrainingRequest(data=("drawn",), recipe="paper", input_size_px=32), ignore)
    assert preview.drawn == 2 * preview.sides[0].files


def test_data_that_is_not_there_is_told(own_settings: Settings) -> None:
    with pytest.raises(DatasetError):
        preview_data(TrainingRequest(data=("nothing",), recipe="quick"), ignore)
