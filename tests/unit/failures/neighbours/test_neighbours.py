"""Nearest training radiographs: each once, leaks flagged, built once and whole, by the picture that is read."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from filelock import FileLock
from PIL import Image

from fracture_core.base.errors import IntakeError, NeighbourError
from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.failures.neighbours import build
from fracture_core.failures.neighbours.build import build_neighbour_index, measure_spread
from fracture_core.failures.neighbours.features import compute_features, load_reader
from fracture_core.failures.neighbours.index import (
    find_neighbour_folder,
    has_neighbour_index,
    measure_distances,
    open_index,
)
from fracture_core.failures.neighbours.nearest import find_nearest
from fracture_core.networks.checkpoints import Checkpoint, read_checkpoint
from fracture_core.networks.preprocessing import letterbox, prepare
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from tests.gate_world import make_model
from tests.tiny_world import encode_phantom, write_dataset


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


def file_of(settings: Settings, name: str) -> Path:
    return settings.data_dir / "drawn" / name


def test_copies_are_folded_to_the_plain_upright_one(built: Checkpoint) -> None:
    names = {entry.name for entry in open_index(built).file.entries}
    assert "fractured/01.png" in names and "fractured/90.png" not in names
    assert not any("rotated" in name for name in names) and len(names) == 7


def test_progress_runs_to_the_end_and_a_second_build_does_nothing(
    world: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, int]] = []
    assert not has_neighbour_index(world)
    build_neighbour_index(world, lambda *step: seen.append(step))
    assert has_neighbour_index(world) and seen[-1] == ("Looking at training images", 7, 7)
    monkeypatch.setattr(build, "_compute", lambda *_: pytest.fail("computed again"))
    build_neighbour_index(world)


def test_features_are_what_the_classifier_takes(world: Checkpoint, own_settings: Settings) -> None:
    radiograph = read_radiograph_file(file_of(own_settings, "fractured/07.png"))
    network, manifest = load_reader(world), world.manifest
    square = letterbox(radiograph, manifest.preprocessing)
    vector = compute_features(network, square[None], manifest)
    assert vector.shape == (1, network.get_submodule("classifier").in_features)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    with torch.inference_mode():
        maps = network.forward_with_features(prepare([radiograph], manifest.preprocessing))[0]
    pooled = maps.mean(dim=(2, 3)).numpy()
    np.testing.assert_allclose(vector, pooled / np.linalg.norm(pooled), atol=1e-5)


def test_a_mirrored_checkpoint_takes_both_pictures(world: Checkpoint) -> None:
    square = letterbox(read_radiograph(encode_phantom(5)), world.manifest.preprocessing)
    manifest = world.manifest.model_copy(update={"mirrored": True})
    both = compute_features(load_reader(world), np.stack([square, square[:, ::-1]]), manifest)
    np.testing.assert_allclose(both[0], both[1], atol=1e-5)
    plain = compute_features(load_reader(world), np.stack([square, square[:, ::-1]]), world.manifest)
    assert np.abs(plain[0] - plain[1]).max() > 1e-4


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


def test_spread_counts_only_other_groups() -> None:
    angles = np.array([0.0, 0.001, 0.5, 0.501, 1.5])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float16)
    typical, unlike = measure_spread(vectors, ["a", "a", "b", "b", "c"])
    assert typical == pytest.approx(2 * np.sin(0.25), abs=0.01)  # the chord of half a radian
    assert typical < unlike < 2 * np.sin(0.5)
    assert measure_spread(vectors, ["a"] * 5) == (2.0, 2.0)


def test_distances_of_many_are_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fracture_core.failures.neighbours.index._BLOCK", 3)
    vectors = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.testing.assert_allclose(measure_distances(vectors, vectors), expected, atol=2e-3)


def test_a_stopped_build_goes_on_where_it_was(world: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_PIECE", 2)
    computed: list[int] = []
    compute = build._compute

    def stop_at_third(checkpoint: Checkpoint, side: object, start: int, stop: int) -> np.ndarray:
        if len(computed) == 2:
            raise KeyboardInterrupt
        computed.append(start)
        return compute(checkpoint, side, start, stop)

    monkeypatch.setattr(build, "_compute", stop_at_third)
    with pytest.raises(KeyboardInterrupt):
        build_neighbour_index(world)
    assert not has_neighbour_index(world) and computed == [0, 2]
    computed.clear()
    monkeypatch.setattr(
        build, "_compute", lambda c, side, start, stop: computed.append(start) or compute(c, side, start, stop)
    )
    build_neighbour_index(world)
    assert computed == [4, 6]
    in_pieces = np.array(open_index(world).vectors)
    shutil.rmtree(find_neighbour_folder(world))
    monkeypatch.setattr(build, "_PIECE", 64)
    build_neighbour_index(world)
    np.testing.assert_allclose(in_pieces, np.load(find_neighbour_folder(world) / "vectors.npy"), atol=1e-4)
    assert [path.name for path in find_neighbour_folder(world).parent.glob(".*partial")] == []


def test_two_sessions_do_not_build_at_once(world: Checkpoint) -> None:
    folder = find_neighbour_folder(world)
    folder.parent.mkdir(parents=True)
    with FileLock(folder.parent / f".{folder.name}.lock"), pytest.raises(NeighbourError, match="Another session"):
        build_neighbour_index(world)


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


@pytest.mark.parametrize("damage", ["no json", "short", "other weights"])
def test_a_damaged_index_is_told(built: Checkpoint, damage: str) -> None:
    path = find_neighbour_folder(built) / "index.json"
    content = json.loads(path.read_text())
    if damage == "short":
        content["entries"] = content["entries"][:-1]
    if damage == "other weights":
        content["weights_sha256"] = "0" * 64
    path.write_text("{" if damage == "no json" else json.dumps(content))
    with pytest.raises(NeighbourError, match="damaged"):
        find_nearest(built, read_radiograph(encode_phantom(1)))


def test_each_checkpoint_has_its_own(built: Checkpoint, own_settings: Settings) -> None:
    other = make_model(own_settings.checkpoints_dir / "other", seed=9, skill=1.0, tested=False)
    assert not has_neighbour_index(other) and has_neighbour_index(read_checkpoint(built.directory))
