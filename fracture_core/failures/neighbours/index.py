"""The index of a checkpoint's training radiographs on disk: ``STATE_DIR/neighbours/WEIGHTS``.

index.json        what each row is, and what distances are usual
vectors.npy       (N, D) float16, pooled features of length 1
thumbnails.npy    (N, 32, 32) uint8, for telling copies
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fracture_core.base import NeighbourError, get_settings
from fracture_core.networks import Checkpoint

INDEX, VECTORS, THUMBNAILS = "index.json", "vectors.npy", "thumbnails.npy"
_BLOCK = 8192  # rows that are compared at a time
_AGAIN = "Remove its folder in {folder}, and let the training images be looked at again."


class IndexEntry(BaseModel):
    """One training radiograph; its copies are folded into it. ``row`` is its number in the cached squares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    name: str
    label: int
    region: str | None = None
    group: str
    row: int


class IndexSource(BaseModel):
    """A data set of the index.

    Attributes:
        root: its folder when the index was built.
        copies_share_group: files of one group are copies of one radiograph, not views of an exam.
        groups: of each of its files by name, not only of those that were trained on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: str
    copies_share_group: bool
    groups: dict[str, str]


class IndexFile(BaseModel):
    """``index.json``; the two distances as of ``distances.measure_spread``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(1, ge=1, le=1)
    weights_sha256: str
    entries: tuple[IndexEntry, ...]
    sources: dict[str, IndexSource]
    absent: tuple[str, ...] = ()
    typical_distance: float
    unlike_distance: float


@dataclass(frozen=True, eq=False)
class Index:
    """An opened index; arrays are memory-mapped."""

    file: IndexFile
    vectors: np.ndarray
    thumbnails: np.ndarray

    def measure_distances(self, feature: np.ndarray) -> np.ndarray:
        """Return ``(N,)`` distances of a ``(D,)`` vector from all entries, between 0 and 2."""
        result: np.ndarray = measure_distances(self.vectors, feature[None])[0]
        return result


def measure_distances(vectors: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return ``(M, N)`` float32 distances of ``(M, D)`` unit vectors from ``(N, D)`` ones."""
    cosines = [
        features.astype(np.float32) @ vectors[start : start + _BLOCK].astype(np.float32).T
        for start in range(0, len(vectors), _BLOCK)
    ]
    result: np.ndarray = np.sqrt(np.maximum(2 - 2 * np.concatenate(cosines, axis=1), 0))
    return result


def find_neighbour_folder(checkpoint: Checkpoint) -> Path:
    """Return where the checkpoint's index is, or will be."""
    return get_settings().state_dir / "neighbours" / checkpoint.manifest.weights_sha256[:16]


def has_neighbour_index(checkpoint: Checkpoint) -> bool:
    """Tell whether the checkpoint's training radiographs were looked at on this machine."""
    return (find_neighbour_folder(checkpoint) / INDEX).is_file()


def open_index(checkpoint: Checkpoint) -> Index:
    """Return the checkpoint's index.

    Raises:
        NeighbourError: there is none, or it is damaged.
    """
    folder = find_neighbour_folder(checkpoint)
    try:
        stamp = (folder / INDEX).stat().st_mtime_ns
    except OSError as error:
        raise NeighbourError(
            f"The training images of '{checkpoint.name}' were not looked at on this machine yet.",
            "Let them be looked at first; it is done once for each model.",
        ) from error
    index = _open(folder, stamp)
    if index.file.weights_sha256 != checkpoint.manifest.weights_sha256:
        raise _damaged(folder)
    return index


@lru_cache(maxsize=2)
def _open(folder: Path, _stamp: int) -> Index:
    try:
        file = IndexFile.model_validate_json((folder / INDEX).read_bytes())
        vectors = np.load(folder / VECTORS, mmap_mode="r")
        thumbnails = np.load(folder / THUMBNAILS, mmap_mode="r")
    except (OSError, ValueError, EOFError, ValidationError) as error:
        raise _damaged(folder) from error
    if not len(file.entries) == len(vectors) == len(thumbnails) or vectors.ndim != 2:
        raise _damaged(folder)
    return Index(file, vectors, thumbnails)


def _damaged(folder: Path) -> NeighbourError:
    return NeighbourError("What is kept of the training images is damaged.", _AGAIN.format(folder=folder))
