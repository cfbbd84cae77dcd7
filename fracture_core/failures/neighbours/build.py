"""Building an index in pieces that survive a kill; it is put in place whole."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from fracture_core.base import NeighbourError, StageProgress, sync_directory, write_atomically_with, write_json
from fracture_core.datasets import telling_disk_errors
from fracture_core.failures.neighbours.features import compute_features, load_reader
from fracture_core.failures.neighbours.index import (
    INDEX,
    THUMBNAILS,
    VECTORS,
    IndexFile,
    find_neighbour_folder,
    has_neighbour_index,
    measure_distances,
)
from fracture_core.failures.neighbours.training_side import TrainingSide, read_training_side
from fracture_core.networks import Checkpoint

_PIECE = 64  # radiographs
_BATCH = 4  # quick on a CPU, see reading/inference.py; a GPU is not kept busy, and done soon all the same


def build_neighbour_index(checkpoint: Checkpoint, progress: StageProgress | None = None) -> None:
    """Look at all training radiographs of a checkpoint once; nothing is done where that was done before.

    Stopped or killed, it goes on by the next call where it was.

    Args:
        progress: called with what is being done, how much of it, and of how much.

    Raises:
        NeighbourError: the images are not on this machine, or another session is building the index.
        DatasetError: a data set cannot be read, or the disk has no room.
        CheckpointDamagedError: the weights or the split are not what the manifest names.
    """
    folder, report = find_neighbour_folder(checkpoint), progress or (lambda what, done, total: None)
    with telling_disk_errors(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder.parent / f".{folder.name}.lock", timeout=0):
                if not has_neighbour_index(checkpoint):
                    _build(checkpoint, folder, report)
        except Timeout as error:
            raise NeighbourError(
                "Another session is looking at the training images right now.", "Wait until it has finished."
            ) from error


def _build(checkpoint: Checkpoint, folder: Path, progress: StageProgress) -> None:
    side = read_training_side(checkpoint, progress)
    partial = folder.with_name(f".{folder.name}.partial")
    _begin(partial, side)
    vectors = _compute_pieces(checkpoint, side, partial, progress)
    typical, unlike = measure_spread(vectors, [entry.group for entry in side.entries])
    file = IndexFile(
        weights_sha256=checkpoint.manifest.weights_sha256,
        entries=side.entries,
        sources=side.sources,
        absent=side.absent,
        typical_distance=typical,
        unlike_distance=unlike,
    )
    _save(partial / VECTORS, vectors)
    _save(partial / THUMBNAILS, side.thumbnails)
    write_json(partial / INDEX, file.model_dump(mode="json"))
    for piece in partial.glob("piece-*.npy"):
        piece.unlink()
    shutil.rmtree(folder, ignore_errors=True)  # of an index whose index.json has gone
    partial.replace(folder)
    sync_directory(folder.parent)


def _begin(partial: Path, side: TrainingSide) -> None:
    """Make the folder of pieces; what another list of radiographs left there goes."""
    listed = [[entry.dataset, side.sources[entry.dataset].root, entry.name] for entry in side.entries]
    plan = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    path = partial / "plan.json"
    if not path.is_file() or path.read_text(encoding="utf-8").strip() != json.dumps(plan):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        write_json(path, plan)


def _compute_pieces(checkpoint: Checkpoint, side: TrainingSide, partial: Path, progress: StageProgress) -> np.ndarray:
    """Return ``(N, D)`` float16; pieces that are there already are taken as they are."""
    total = len(side.entries)
    pieces: list[np.ndarray] = []
    for start in range(0, total, _PIECE):
        path = partial / f"piece-{start:07d}.npy"
        if not path.is_file():
            _save(path, _compute(checkpoint, side, start, min(start + _PIECE, total)))
        pieces.append(np.load(path))
        progress("Looking at training images", min(start + _PIECE, total), total)
    return np.concatenate(pieces)


def _compute(checkpoint: Checkpoint, side: TrainingSide, start: int, stop: int) -> np.ndarray:
    network = load_reader(checkpoint)
    return np.concatenate(
        [
            compute_features(network, side.read_squares(first, min(first + _BATCH, stop)), checkpoint.manifest)
            for first in range(start, stop, _BATCH)
        ]
    ).astype(np.float16)


def _save(path: Path, array: np.ndarray) -> None:
    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:
            np.save(stream, array)

    write_atomically_with(path, write)


UNLIKE_PERCENTILE = 95.0
_MOST_QUERIES = 4000
_BLOCK = 256


def measure_spread(vectors: np.ndarray, groups: list[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of training radiographs' distance to the nearest of another group.

    A radiograph further than the second from all it is compared with is called unlike the training:
    one in twenty of the training's own is as far from the rest. Of many, 4,000 are taken, spread evenly.

    Args:
        vectors: ``(N, D)`` of length 1.
        groups: ``(N,)`` copies and views of one exam share one.

    Returns:
        2.0 for both, the largest distance there is, where all are of one group.
    """
    codes = np.unique(groups, return_inverse=True)[1]
    if codes.max(initial=0) == 0:
        return 2.0, 2.0
    chosen = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), _MOST_QUERIES)).round().astype(int))
    nearest = np.empty(len(chosen), np.float32)
    for start in range(0, len(chosen), _BLOCK):
        rows = chosen[start : start + _BLOCK]
        distances = measure_distances(vectors, vectors[rows])
        distances[codes[rows][:, None] == codes[None]] = np.inf
        nearest[start : start + _BLOCK] = distances.min(axis=1)
    return float(np.median(nearest)), float(np.percentile(nearest, UNLIKE_PERCENTILE))
