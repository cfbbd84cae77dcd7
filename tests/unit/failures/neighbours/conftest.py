"""What the tests of this folder share."""

from pathlib import Path

import pytest
from PIL import Image

from fracture_core.base.settings import Settings
from fracture_core.failures.neighbours.build import build_neighbour_index
from fracture_core.networks.checkpoints import Checkpoint
from tests.gate_world import make_model
from tests.tiny_world import write_dataset


@pytest.fixture
def world(own_settings: Settings) -> Checkpoint:
    """A checkpoint trained on eight drawn radiographs, one of which has three copies, of sixteen."""
    root = write_dataset(own_settings.data_dir / "drawn", count=16)
    original = root / "fractured" / "01.png"
    for number, turn in enumerate((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180), start=1):
        Image.open(original).transpose(turn).save(root / "fractured" / f"01-rotated{number}.png")
    Image.open(original).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(root / "fractured" / "90.png")
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.png"))]
    train = tuple(name for name in names if Path(name).stem[:2] in {"00", "01", "02", "03", "04", "05", "06", "90"})
    sides = {"train": train, "val": (), "test": tuple(sorted(set(names) - set(train)))}
    return make_model(own_settings.checkpoints_dir / "default", seed=1, skill=1.0, sides=sides, tested=False)


@pytest.fixture
def built(world: Checkpoint) -> Checkpoint:
    build_neighbour_index(world)
    return world
