"""The training radiographs nearest to one, and whether there is anything like it in training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from fracture_core.datasets import DatasetItem, find_dataset_path, find_thumbnail_copies, shrink_to_thumbnail
from fracture_core.failures.neighbours.features import compute_features, load_reader
from fracture_core.failures.neighbours.index import Index, IndexEntry, IndexSource, open_index
from fracture_core.networks import Checkpoint, letterbox
from fracture_core.radiographs import Radiograph, read_radiograph_file

Relation = Literal["", "itself", "copy", "same exam"]
_COMPARED = 24  # of the nearest, whose pixels are compared with the radiograph's


@dataclass(frozen=True)
class Neighbour:
    """A training radiograph.

    Attributes:
        dataset, name: the file, relative to the data set's root.
        path: None where it is not on this machine.
        label: index into ``data.items.LABELS``, as it was trained with.
        distance: of the two vectors of length 1, from 0 (alike) to 2.
        relation: empty for another radiograph; what it is to the one asked about where both are
            of one radiograph or exam: that one was learned from, which is a leak.
    """

    dataset: str
    name: str
    path: Path | None
    label: int
    region: str | None
    distance: float
    relation: Relation = ""


@dataclass(frozen=True)
class Nearest:
    """What training holds of a radiograph's kind.

    Attributes:
        neighbours: the nearest first.
        typical_distance: median distance of a training radiograph to the nearest of another group.
        is_unlike_training: the nearest that is not the radiograph's own copy or exam lies further than
            95% of the training radiographs lie from their nearest of another group.
        absent: data sets of the training that were not here when the others were looked at.
    """

    neighbours: tuple[Neighbour, ...]
    typical_distance: float
    is_unlike_training: bool
    absent: tuple[str, ...] = ()

    @property
    def is_leak(self) -> bool:
        """Return whether the radiograph, a copy of it, or a view of its exam was learned from."""
        return any(neighbour.relation for neighbour in self.neighbours)


def find_nearest(checkpoint: Checkpoint, radiograph: Path | Radiograph, count: int = 6) -> Nearest:
    """Return the training radiographs that look most like one to the network; copies of one count once.

    Args:
        radiograph: a file, which tells its own exam where it lies in a data set of the training; or pixels.

    Raises:
        NeighbourError: the training images were not looked at yet (``build_index``).
        IntakeError: the file cannot be read.
    """
    index = open_index(checkpoint)
    path = radiograph if isinstance(radiograph, Path) else None
    read = read_radiograph_file(radiograph) if isinstance(radiograph, Path) else radiograph
    square = letterbox(read, checkpoint.manifest.preprocessing)
    feature = compute_features(load_reader(checkpoint), square[None], checkpoint.manifest)[0]
    distances = index.measure_distances(feature)
    order = np.argsort(distances, kind="stable")[: max(count, _COMPARED)].tolist()
    relations = _find_relations(index, order, read, path)
    unrelated = [float(distances[row]) for row in order if not relations[row]]
    return Nearest(
        neighbours=tuple(_build(index, row, float(distances[row]), relations[row]) for row in order[:count]),
        typical_distance=index.file.typical_distance,
        is_unlike_training=not unrelated or unrelated[0] > index.file.unlike_distance,
        absent=index.file.absent,
    )


def _find_relations(index: Index, rows: list[int], read: Radiograph, path: Path | None) -> dict[int, Relation]:
    """Return what each entry is to the radiograph: by its place in the data set, then by its pixels."""
    place = _find_place(index, path) if path else None
    copies = _find_copies(index, rows, read)
    relations: dict[int, Relation] = {}
    for row in rows:
        entry = index.file.entries[row]
        relations[row] = _relate(entry, place, index) or ("copy" if row in copies else "")
    exams = {index.file.entries[row].group for row in rows if relations[row]}
    return {
        row: relation or ("same exam" if index.file.entries[row].group in exams else "")
        for row, relation in relations.items()
    }


def _relate(entry: IndexEntry, place: tuple[str, str, IndexSource] | None, index: Index) -> Relation:
    if place is None or entry.dataset != place[0]:
        return ""
    _dataset, name, source = place
    if entry.name == name:
        return "itself"
    if source.groups.get(entry.name) == source.groups[name]:
        return "copy" if source.copies_share_group else "same exam"
    return ""


def _find_place(index: Index, path: Path) -> tuple[str, str, IndexSource] | None:
    """Return data set and name of a file that lies in one of the training's data sets."""
    resolved = path.resolve()
    for dataset, source in index.file.sources.items():
        if resolved.is_relative_to(source.root):
            name = resolved.relative_to(source.root).as_posix()
            if name in source.groups:
                return dataset, name, source
    return None


def _find_copies(index: Index, rows: list[int], read: Radiograph) -> set[int]:
    """Return the entries whose pixels are the radiograph's own, also turned or mirrored."""
    items = [DatasetItem(Path(), str(number), 0, str(number)) for number in range(len(rows) + 1)]
    thumbnails = np.stack([shrink_to_thumbnail(read.pixels), *(index.thumbnails[row] for row in rows)])
    own = items[0].name
    pairs = [(pair.first, pair.second) for pair in find_thumbnail_copies(items, thumbnails)]
    return {rows[int(other) - 1] for first, other in pairs if first == own}


def _build(index: Index, row: int, distance: float, relation: Relation) -> Neighbour:
    entry = index.file.entries[row]
    return Neighbour(
        dataset=entry.dataset,
        name=entry.name,
        path=_find_path(entry, index.file.sources[entry.dataset]),
        label=entry.label,
        region=entry.region,
        distance=distance,
        relation=relation,
    )


def _find_path(entry: IndexEntry, source: IndexSource) -> Path | None:
    for root in (Path(source.root), find_dataset_path(entry.dataset)):
        if root and (path := root / entry.name).is_file():
            return path
    return None
