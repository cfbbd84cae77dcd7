"""The index is built once, goes on where it was, and by one at a time."""

import shutil

import numpy as np
import pytest
from filelock import FileLock

from fracture_core.base.errors import NeighbourError
from fracture_core.base.settings import Settings
from fracture_core.failures.neighbours import build
from fracture_core.failures.neighbours.build import build_neighbour_index, measure_spread
from fracture_core.failures.neighbours.index import (
    find_neighbour_folder,
    has_neighbour_index,
    open_index,
)
from fracture_core.networks.checkpoints import Checkpoint, read_checkpoint
from tests.gate_world import make_model


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


def test_spread_counts_only_other_groups() -> None:
    angles = np.array([0.0, 0.001, 0.5, 0.501, 1.5])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float16)
    typical, unlike = measure_spread(vectors, ["a", "a", "b", "b", "c"])
    assert typical == pytest.approx(2 * np.sin(0.25), abs=0.01)  # the chord of half a radian
    assert typical < unlike < 2 * np.sin(0.5)
    assert measure_spread(vectors, ["a"] * 5) == (2.0, 2.0)


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


def test_each_checkpoint_has_its_own(built: Checkpoint, own_settings: Settings) -> None:
    other = make_model(own_settings.checkpoints_dir / "other", seed=9, skill=1.0, tested=False)
    assert not has_neighbour_index(other) and has_neighbour_index(read_checkpoint(built.directory))
