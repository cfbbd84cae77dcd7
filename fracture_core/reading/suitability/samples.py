"""The pictures that references are fitted on, and their features."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from fracture_core.base import IntakeError, SuitabilityError
from fracture_core.datasets import Catalog, find_catalog, read_split
from fracture_core.networks import Checkpoint, FractureNetwork, Manifest, letterbox, normalize_squares
from fracture_core.radiographs import Radiograph, read_radiograph_file
from fracture_core.reading.engine.inference import keeping_features
from fracture_core.reading.suitability.changes import HARMLESS, change

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".dcm")
_BATCH = 4


@dataclass(frozen=True)
class Sample:
    """A file of a data set, each radiograph once."""

    dataset: str
    name: str
    path: Path
    region: str | None


def list_radiographs(checkpoint: Checkpoint, side: str, most: int, catalogs: Sequence[Catalog] = ()) -> list[Sample]:
    """Return up to ``most`` radiographs of each data set that the checkpoint saw on a side, spread evenly.

    Args:
        catalogs: data sets that are open already; others are looked for on this machine.

    Raises:
        SuitabilityError: the checkpoint has no split, or none of its data sets is on this machine.
    """
    fingerprints = {record.name: record.fingerprint for record in checkpoint.manifest.data}
    opened = {catalog.name: catalog for catalog in catalogs}
    found: list[Sample] = []
    for dataset, sides in read_split(checkpoint.split_path).items():
        names = frozenset(sides.get(side, ()))
        catalog = opened.get(dataset)
        if catalog is None and names:
            catalog = find_catalog(dataset, fingerprints.get(dataset, ""), names)
        if catalog is None or not names:
            continue
        items = [item for item in catalog.items if item.name in names]
        if catalog.layout == "class folders":  # a family of copies, of which the plain one has the shortest name
            items.sort(key=lambda item: (len(item.name), item.name))
            items = list({item.group: item for item in reversed(items)}.values())
        few = [items[index] for index in choose_evenly(len(items), most)]
        found += [Sample(dataset, item.name, item.path, item.region) for item in few]
    if not found:
        raise SuitabilityError(
            f"The images that '{checkpoint.name}' saw on its {side} side are not on this machine.",
            "Put its data sets into the data folder, or fetch them: python -m fracture_core data fetch.",
        )
    return found


def choose_evenly(count: int, most: int) -> list[int]:
    """Return up to ``most`` of ``count`` indices, spread evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int)).tolist() if count else []


def list_pictures(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of a folder by kind, the names of its sub-folders.

    Raises:
        SuitabilityError: the folder holds none.
    """
    kinds = {each.name: each for each in sorted(folder.iterdir()) if each.is_dir()} if folder.is_dir() else {}
    found = {
        name: sorted(path for path in each.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
        for name, each in kinds.items()
    }
    if not any(found.values()):
        raise SuitabilityError(
            f"There are no pictures in '{folder}'.", "Lay them out as FOLDER/KIND/FILE, or make them: see docs/data.md."
        )
    return found


def read_all(paths: Iterable[Path]) -> Iterator[Radiograph]:
    """Yield what can be read; what cannot is refused by intake and needs no check."""
    for path in paths:
        try:
            yield read_radiograph_file(path)
        except IntakeError:
            continue


def read_changed(samples: Sequence[Sample], names: Sequence[str] = tuple(HARMLESS)[1:]) -> Iterator[Radiograph]:
    """Yield each radiograph after one change; the changes take turns."""
    for index, sample in enumerate(samples):
        yield change(read_radiograph_file(sample.path), names[index % len(names)])


@torch.inference_mode()
def compute_features(
    network: FractureNetwork, manifest: Manifest, radiographs: Iterable[Radiograph], step: Callable[[int], None]
) -> np.ndarray:
    """Return ``(N, D)`` float32 features, as a reading keeps them; ``step`` is told how many were made."""
    device = next(network.parameters()).device
    made: list[np.ndarray] = []
    for squares in _batch(letterbox(radiograph, manifest.preprocessing) for radiograph in radiographs):
        batch = torch.from_numpy(squares).to(device)
        with keeping_features(network) as features:
            network(normalize_squares(batch, manifest.preprocessing).contiguous(memory_format=torch.channels_last))
        kept = features.to_numpy()
        assert kept is not None  # the pass above was made
        made.append(kept)
        step(len(squares))
    return np.concatenate(made) if made else np.zeros((0, 0), np.float32)


def _batch(squares: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    waiting: list[np.ndarray] = []
    for square in squares:
        waiting.append(square)
        if len(waiting) == _BATCH:
            yield np.stack(waiting)
            waiting = []
    if waiting:
        yield np.stack(waiting)
