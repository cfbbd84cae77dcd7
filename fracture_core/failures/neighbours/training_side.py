"""The radiographs that a checkpoint was trained on, as far as they are on this machine, each once."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fracture_core.base import NeighbourError, StageProgress
from fracture_core.datasets import (
    CacheView,
    Catalog,
    DatasetItem,
    find_catalog,
    find_thumbnail_copies,
    merge_groups,
    read_split,
    view_cached_images,
)
from fracture_core.failures.neighbours.index import IndexEntry, IndexSource
from fracture_core.networks import Checkpoint


@dataclass(frozen=True, eq=False)
class TrainingSide:
    """What an index is made of; arrays in the order of ``entries``, squares by data set and row.

    Attributes:
        sources: by data set.
        absent: data sets that are not on this machine.
    """

    entries: tuple[IndexEntry, ...]
    thumbnails: np.ndarray
    squares: dict[str, np.ndarray]
    sources: dict[str, IndexSource]
    absent: tuple[str, ...]

    def read_squares(self, start: int, stop: int) -> np.ndarray:
        """Return ``(N, S, S)`` uint8 of some entries."""
        return np.stack([self.squares[entry.dataset][entry.row] for entry in self.entries[start:stop]])


def read_training_side(checkpoint: Checkpoint, progress: StageProgress) -> TrainingSide:
    """Return the training radiographs, copies folded to one; decodes data sets that are not cached.

    Raises:
        NeighbourError: the checkpoint has no record of them, or none of its data sets is here.
        DatasetError: a data set cannot be read.
    """
    split = {name: frozenset(sides.get("train", ())) for name, sides in read_split(checkpoint.split_path).items()}
    if not any(split.values()):
        raise NeighbourError(
            f"'{checkpoint.name}' has no record of the images that it was trained on.", "Choose another model."
        )
    fingerprints = {record.name: record.fingerprint for record in checkpoint.manifest.data}
    found = {name: find_catalog(name, fingerprints.get(name, ""), names) for name, names in split.items() if names}
    catalogs = {name: catalog for name, catalog in found.items() if catalog}
    absent = tuple(sorted(set(found) - set(catalogs)))
    if not catalogs:
        raise NeighbourError(
            f"The images that '{checkpoint.name}' was trained on ({', '.join(absent)}) are not on this machine.",
            "Put the data set into the data folder, or fetch it: python -m fracture_core data fetch.",
        )
    cached = {name: _decode(catalog, checkpoint, progress) for name, catalog in catalogs.items()}
    entries, thumbnails = _fold(catalogs, cached, split)
    return TrainingSide(
        entries=entries,
        thumbnails=thumbnails,
        squares={name: images.squares for name, images in cached.items()},
        sources={name: _describe(name, catalog) for name, catalog in catalogs.items()},
        absent=absent,
    )


def is_family(catalog: Catalog) -> bool:
    """Tell whether files of one group are copies of one radiograph."""
    return catalog.layout == "class folders"


def _decode(catalog: Catalog, checkpoint: Checkpoint, progress: StageProgress) -> CacheView:
    return view_cached_images(
        catalog,
        checkpoint.manifest.preprocessing,
        progress=lambda done, total: progress("Decoding radiographs", done, total),
    )


def _describe(name: str, catalog: Catalog) -> IndexSource:
    return IndexSource(
        root=str(catalog.root.resolve()),
        copies_share_group=is_family(catalog),
        groups={item.name: f"{name}/{item.group}" for item in catalog.items},
    )


def _fold(
    catalogs: dict[str, Catalog], cached: dict[str, CacheView], split: dict[str, frozenset[str]]
) -> tuple[tuple[IndexEntry, ...], np.ndarray]:
    """Return an entry a radiograph: of copies by name the plain upright one, of copies by pixels the first."""
    items: list[DatasetItem] = []
    origins: list[tuple[str, int]] = []
    for name, images in cached.items():
        for row in _choose_rows(images.items, split[name], folded=is_family(catalogs[name])):
            item = images.items[row]
            items.append(replace(item, name=f"{name}/{item.name}", group=f"{name}/{item.group}"))
            origins.append((name, row))
    thumbnails = np.stack([cached[name].thumbnails[row] for name, row in origins])
    pairs = find_thumbnail_copies(items, thumbnails)
    copies = {pair.second for pair in pairs}
    keep = [index for index, item in enumerate(items) if item.name not in copies]
    merged = merge_groups(items, pairs)
    entries = tuple(
        IndexEntry(
            dataset=origins[index][0],
            name=items[index].name.removeprefix(f"{origins[index][0]}/"),
            label=items[index].label,
            region=items[index].region,
            group=merged[index].group,
            row=int(cached[origins[index][0]].rows[origins[index][1]]),
        )
        for index in keep
    )
    return entries, thumbnails[keep]


def _choose_rows(items: tuple[DatasetItem, ...], trained: frozenset[str], *, folded: bool) -> list[int]:
    """Return the rows of trained files; of a family of copies the one with the shortest name, which is not turned."""
    rows = [row for row, item in enumerate(items) if item.name in trained]
    if not folded:
        return rows
    first: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (len(Path(items[row].name).name), items[row].name)):
        first.setdefault(items[row].group, row)
    return sorted(first.values())
