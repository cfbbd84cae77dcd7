"""Radiographs that a model is tested on: they, their copies and their exams are not to be learned from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fracture_core.base import CheckpointError
from fracture_core.datasets import (
    Catalog,
    DatasetItem,
    find_catalog,
    find_thumbnail_copies,
    read_split,
    view_cached_images,
)
from fracture_core.networks import Checkpoint, find_checkpoint, list_checkpoints

_RULE = "A model that has learned from it can no longer be measured on that side."
_BLOCK = 64  # test files that are compared at a time: with each other they need not be


@dataclass(frozen=True)
class FrozenRadiographs:
    """Test files by data set and name, each with the checkpoint that is tested on it."""

    names: dict[str, dict[str, str]]

    def find_reason(self, catalog: Catalog, item: DatasetItem) -> str:
        """Return why an item is refused by its name or its exam; empty where it is not."""
        names = self.names.get(catalog.name, {})
        if item.name in names:
            return f"It is on the test side of '{names[item.name]}'. {_RULE}"
        for other in catalog.items:
            if other.group == item.group and other.name in names:
                what = "a copy of a radiograph" if catalog.layout == "class folders" else "of an exam"
                return f"It is {what} on the test side of '{names[other.name]}'. {_RULE}"
        return ""


def find_frozen_copies(
    frozen: FrozenRadiographs, thumbnails: list[np.ndarray], opened: Catalog | None = None
) -> dict[int, str]:
    """Return why radiographs are refused by their pixels, also turned or mirrored, by number.

    They are compared with all test files that are on this machine; data sets that are not
    cached are decoded.

    Args:
        thumbnails: ``(32, 32)`` uint8 each, from ``shrink_to_thumbnail``.
        opened: a data set that need not be opened again.

    Raises:
        DatasetError: a data set cannot be read.
    """
    if not thumbnails:
        return {}
    pictures, checkpoints = _read_pictures(frozen, opened)
    count = len(thumbnails)
    reasons: dict[int, str] = {}
    block = max(_BLOCK, count)
    for start in range(0, len(checkpoints), block):
        part = np.concatenate([np.stack(thumbnails), pictures[start : start + block]])
        items = [DatasetItem(Path(), f"{number:09d}", 0, str(number)) for number in range(len(part))]
        for pair in find_thumbnail_copies(items, part):
            first, second = int(pair.first), int(pair.second)
            if first < count <= second:
                name = checkpoints[start + second - count]
                reasons.setdefault(first, f"It is a copy of a radiograph on the test side of '{name}'. {_RULE}")
    return reasons


def list_frozen() -> FrozenRadiographs:
    """Return the test sides of the model in use and of every other checkpoint at hand, the one in use first."""
    names: dict[str, dict[str, str]] = {}
    for checkpoint in list_checkpoints():
        try:
            split = read_split(checkpoint.split_path)
        except CheckpointError:  # damaged: it cannot be tested on anything
            continue
        for dataset, sides in split.items():
            for name in sides.get("test", ()):
                names.setdefault(dataset, {}).setdefault(name, checkpoint.name)
    return FrozenRadiographs(names)


def _read_pictures(frozen: FrozenRadiographs, opened: Catalog | None) -> tuple[np.ndarray, list[str]]:
    """Return ``(N, 32, 32)`` uint8 of the test files that are on this machine, and whose test side each is on."""
    pictures, checkpoints = [np.zeros((0, 32, 32), np.uint8)], []
    for dataset, names in frozen.names.items():
        catalog = opened if opened and dataset == opened.name else find_catalog(dataset, "", ())
        if catalog is None:
            continue
        images = view_cached_images(catalog, _find_model().manifest.preprocessing)
        rows = [row for row, item in enumerate(images.items) if item.name in names]
        pictures.append(images.thumbnails[rows])
        checkpoints += [names[images.items[row].name] for row in rows]
    return np.concatenate(pictures), checkpoints


def _find_model() -> Checkpoint:
    """Return the model in use, whose cache is most likely there, or another where it has gone."""
    try:
        return find_checkpoint()
    except CheckpointError:
        return list_checkpoints()[0]
