"""From catalogs to the arrays that a training or an evaluation reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fracture_core.base import CountProgress, DatasetError
from fracture_core.datasets.cache import CachedImages, cache_images
from fracture_core.datasets.copies.groups import find_overruled, join_copies, merge_groups, name_label_conflicts
from fracture_core.datasets.copies.pairs import find_thumbnail_copies
from fracture_core.datasets.layouts.items import Catalog, DatasetItem, Exclusion
from fracture_core.datasets.sources import REVIEWED_DATASET
from fracture_core.networks import Preprocessing, fit_letterbox_frame

BOX_MASK_DIVISOR = 4  # box masks are kept at a quarter of the input size


@dataclass(frozen=True)
class LabelledImages:
    """Letterboxed radiographs with what is known of each; all arrays in the order of ``items``.

    Attributes:
        items: their groups hold all copies and all views of one exam.
        excluded: what was left out, and why.
        squares: ``(N, S, S)`` uint8.
        labels: ``(N,)`` int64, index into ``LABELS``.
        radiographs: ``(N,)`` the radiograph each file is a copy of, by its name (class folders) or its pixels.
        datasets: ``(N,)`` name of the data set each file is of.
    """

    items: tuple[DatasetItem, ...]
    excluded: tuple[Exclusion, ...]
    squares: np.ndarray
    labels: np.ndarray
    sizes_px: np.ndarray
    radiographs: tuple[str, ...]
    datasets: tuple[str, ...]

    def select(self, names: set[str]) -> "LabelledImages":
        """Return the part whose item names are given, in the same order; nothing is excluded from it."""
        keep = [index for index, item in enumerate(self.items) if item.name in names]
        return LabelledImages(
            items=tuple(self.items[index] for index in keep),
            excluded=(),
            squares=self.squares[keep],
            labels=self.labels[keep],
            sizes_px=self.sizes_px[keep],
            radiographs=tuple(self.radiographs[index] for index in keep),
            datasets=tuple(self.datasets[index] for index in keep),
        )

    def of_dataset(self, dataset: str) -> "LabelledImages":
        """Return the part of one data set, its names relative to the set's root again."""
        pairs = zip(self.items, self.datasets, strict=True)
        part = self.select({item.name for item, owner in pairs if owner == dataset})
        items = tuple(replace(item, name=item.name.removeprefix(f"{dataset}/")) for item in part.items)
        return replace(part, items=items)

    def draw_box_masks(self) -> np.ndarray:
        """Return ``(N, S/4, S/4)`` uint8, 1 inside a marked fracture."""
        size_px = self.squares.shape[1]
        side = size_px // BOX_MASK_DIVISOR
        masks = np.zeros((len(self.items), side, side), np.uint8)
        for mask, item, (width_px, height_px) in zip(masks, self.items, self.sizes_px, strict=True):
            frame = fit_letterbox_frame(int(width_px), int(height_px), size_px)
            scale = frame.width / width_px / BOX_MASK_DIVISOR
            left, top = frame.left / BOX_MASK_DIVISOR, frame.top / BOX_MASK_DIVISOR
            for box in item.boxes:
                x, y = left + box.x * scale, top + box.y * scale
                columns = slice(int(x), max(int(x) + 1, int(np.ceil(x + box.width * scale))))
                rows = slice(int(y), max(int(y) + 1, int(np.ceil(y + box.height * scale))))
                mask[rows, columns] = 1
        return masks


def load_labelled_images(
    catalogs: Sequence[Catalog],
    preprocessing: Preprocessing,
    *,
    cache_dir: Path | None = None,
    progress: CountProgress | None = None,
) -> LabelledImages:
    """Decode (or open the cache of) one or several data sets, and group their copies.

    Copies of one radiograph with two labels are left out: nobody knows which is
    right. Where one of them is in the data set ``reviewed``, that one is kept
    alone. Item names and groups start with the data set's name.

    Raises:
        DatasetError: two data sets of one name, or one of which no file can be read.
    """
    names = [catalog.name for catalog in catalogs]
    if len(set(names)) < len(names):
        raise DatasetError(f"Two data sets have the same name ({', '.join(names)}).", "Rename one of the folders.")
    parts = [
        _qualify(cache_images(catalog, preprocessing, cache_dir=cache_dir, progress=progress), catalog)
        for catalog in catalogs
    ]
    items = tuple(item for part, _ in parts for item in part.items)
    radiographs = tuple(name for _, names in parts for name in names)
    thumbnails = np.concatenate([part.thumbnails for part, _ in parts])
    pairs = find_thumbnail_copies(items, thumbnails)
    reviewed = {item.name for item in items if item.name.startswith(f"{REVIEWED_DATASET}/")}
    overruled = find_overruled(items, pairs, reviewed)
    conflicts = set(name_label_conflicts([pair for pair in pairs if not overruled & {pair.first, pair.second}]))
    everything = LabelledImages(
        items=merge_groups(items, pairs),
        excluded=(),
        # One set stays memory-mapped; several are put together in memory.
        squares=parts[0][0].squares if len(parts) == 1 else np.concatenate([part.squares for part, _ in parts]),
        labels=np.array([item.label for item in items], np.int64),
        sizes_px=np.concatenate([part.sizes_px for part, _ in parts]),
        radiographs=join_copies(items, radiographs, pairs),
        datasets=tuple(catalog.name for catalog, (part, _) in zip(catalogs, parts, strict=True) for _ in part.items),
    )
    excluded = [exclusion for part, _ in parts for exclusion in part.excluded]
    excluded += [Exclusion(name, "a copy of it has the other label") for name in sorted(conflicts)]
    excluded += [Exclusion(name, "reviewed with the other label") for name in sorted(overruled)]
    kept = everything.select({item.name for item in items} - conflicts - overruled)
    return replace(kept, excluded=tuple(excluded))


def _qualify(images: CachedImages, catalog: Catalog) -> tuple[CachedImages, tuple[str, ...]]:
    """Start names and groups with the data set's name; tell each item's radiograph."""
    lead = f"{catalog.name}/"
    copies_share_group = catalog.layout == "class folders"
    radiographs = tuple(lead + (item.group if copies_share_group else item.name) for item in images.items)
    items = tuple(replace(item, name=lead + item.name, group=lead + item.group) for item in images.items)
    excluded = tuple(replace(exclusion, name=lead + exclusion.name) for exclusion in images.excluded)
    return replace(images, items=items, excluded=excluded), radiographs
