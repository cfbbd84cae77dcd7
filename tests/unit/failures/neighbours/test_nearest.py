"""Nearest training radiographs: each once, leaks flagged, built once and whole, by the picture that is read."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import IntakeError, NeighbourError
from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.failures.neighbours.build import build_neighbour_index
from fracture_core.failures.neighbours.index import (
    open_index,
)
from fracture_core.failures.neighbours.nearest import find_nearest
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from tests.tiny_world import encode_phantom


def file_of(settings: Settings, name: str) -> Path:
    return settings.data_dir / "drawn" / name


def test_the_nearest_are_the_nearest_with_their_labels(built: Checkpoint, own_settings: Settings) -> None:
    nearest = find_nearest(built, file_of(own_settings, "fractured/07.png"), count=5)
    assert len(nearest.neighbours) == 5 and not nearest.is_leak
    distances = [neighbour.distance for neighbour in nearest.neighbours]
    assert distances == sorted(distances) and distances[0] > 0
    for neighbour in nearest.neighbours:
        assert neighbour.path == file_of(own_settings, neighbour.name).resolve()
        assert neighbour.label == int(neighbour.name.startswith("fractured/"))
    vectors = open_index(built).vectors.astype(np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(7), abs=1e-2)


def test_itself_and_its_copies_are_told(built: Checkpoint, own_settings: Settings, tmp_path: Path) -> None:
    by_name = find_nearest(built, file_of(own_settings, "fractured/01.png"))
    assert by_name.neighbours[0].relation == "itself" and by_name.neighbours[0].distance < 0.05 and by_name.is_leak
    turned = find_nearest(built, file_of(own_settings, "fractured/01-rotated1.png"), count=7)
    assert {other.name: other.relation for other in turned.neighbours}["fractured/01.png"] == "copy"
    elsewhere = tmp_path / "elsewhere.png"
    Image.open(file_of(own_settings, "fractured/01.png")).transpose(Image.Transpose.ROTATE_270).save(elsewhere)
    by_pixels = find_nearest(built, elsewhere, count=7)
    assert [other.name for other in by_pixels.neighbours if other.relation == "copy"] == ["fractured/01.png"]
    again = find_nearest(built, read_radiograph_file(elsewhere), count=7)
    assert [other.relation for other in again.neighbours] == [other.relation for other in by_pixels.neighbours]


def test_unlike_is_measured_without_the_radiograph_itself(built: Checkpoint, own_settings: Settings) -> None:
    index = open_index(built).file
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    path = own_settings.data_dir / "noise.png"
    Image.fromarray(noise).save(path)
    far = find_nearest(built, path)
    assert far.is_unlike_training == (far.neighbours[0].distance > index.unlike_distance)
    own = find_nearest(built, file_of(own_settings, "fractured/01.png"), count=7)
    others = [other.distance for other in own.neighbours if not other.relation]
    assert own.is_unlike_training == (min(others) > index.unlike_distance)
    assert 0 < index.typical_distance <= index.unlike_distance


def test_without_an_index_or_images_it_says_what_to_do(world: Checkpoint, own_settings: Settings) -> None:
    path = file_of(own_settings, "fractured/07.png")
    with pytest.raises(NeighbourError, match="not looked at"):
        find_nearest(world, path)
    shutil.rmtree(own_settings.data_dir / "drawn")
    with pytest.raises(NeighbourError, match=r"drawn.*not on this machine.*data fetch"):
        build_neighbour_index(world)
    write_json(world.split_path, SplitFile(datasets={}).model_dump(mode="json"))
    with pytest.raises(NeighbourError, match="no record"):
        build_neighbour_index(world)


def test_neighbours_are_listed_when_the_images_have_gone(built: Checkpoint, own_settings: Settings) -> None:
    shutil.rmtree(own_settings.data_dir / "drawn")
    nearest = find_nearest(built, read_radiograph(encode_phantom(107)))
    assert len(nearest.neighbours) == 6 and {other.path for other in nearest.neighbours} == {None}
    with pytest.raises(IntakeError):
        find_nearest(built, own_settings.data_dir / "gone.png")
