"""What a data set is made of: labelled files, and files left out with a reason."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fracture_core.base import DatasetError

LABELS = ("not fractured", "fractured")  # the index is the label


@dataclass(frozen=True)
class Box:
    """A marked fracture; all four in px of the file, origin at the top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DatasetItem:
    """One labelled radiograph file.

    Attributes:
        path: the file.
        name: POSIX path relative to the data set's root; unique in a catalog.
        label: index into ``LABELS``.
        group: files that must stay on one side of a split share it (a patient,
            an exam, a radiograph and its copies).
        region: body region, where the data set tells it.
        views: projections ("frontal", "lateral", "oblique"), where told.
        hardware: whether metal hardware is visible; None where not told.
        boxes: marked fractures.
        published_split: "train", "val" or "test" as published, or None.
    """

    path: Path
    name: str
    label: int
    group: str
    region: str | None = None
    views: tuple[str, ...] = ()
    hardware: bool | None = None
    boxes: tuple[Box, ...] = ()
    published_split: str | None = None


@dataclass(frozen=True)
class Exclusion:
    """A file or row that is not used, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Catalog:
    """A data set: its items sorted by name, and what was left out of it."""

    name: str
    root: Path
    layout: str
    items: tuple[DatasetItem, ...]
    excluded: tuple[Exclusion, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over each item's name, label and size in bytes; contents are not read.

        Raises:
            DatasetError: a file has gone since the catalog was read.
        """
        digest = hashlib.sha256()
        for item in sorted(self.items, key=lambda item: item.name):
            digest.update(f"{item.name}\0{item.label}\0{_size_bytes(item)}\n".encode())
        return digest.hexdigest()


def _size_bytes(item: DatasetItem) -> int:
    try:
        return item.path.stat().st_size
    except OSError as error:
        raise DatasetError(f"{item.name} can no longer be read.", "Read the data set again.") from error
