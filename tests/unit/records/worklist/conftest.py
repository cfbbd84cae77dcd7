"""A model and drawn radiographs for worklists; each test has folders of its own."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.records.worklist.gather import Upload
from tests.tiny_world import encode_phantom, make_checkpoint

Fill = Callable[[int], Path]


def load(checkpoint: Checkpoint) -> Predictor:
    return Predictor(checkpoint, "cpu")


def make_upload(name: str, data: bytes) -> Upload:
    return Upload(name, lambda: BytesIO(data), len(data))


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    return find_checkpoint("default")


@pytest.fixture
def fill(own_settings: Settings) -> Fill:
    """Write a folder of so many drawn radiographs; every fifth file is cut short."""

    def write(count: int) -> Path:
        folder = own_settings.data_dir / "ward"
        folder.mkdir(parents=True)
        for number in range(1, count + 1):
            data = encode_phantom(number, size_px=48)
            (folder / f"{number:03d}.png").write_bytes(data[:100] if number % 5 == 0 else data)
        return folder

    return write
