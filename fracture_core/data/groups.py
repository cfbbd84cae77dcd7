"""Find copies of one radiograph under several names, and give them one group.

A copy may be turned by right angles, mirrored, rescaled or changed in contrast.
Two files are compared by the correlation of their thumbnails.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fracture_core.data.items import Item
from fracture_core.errors import ShapeError

THUMBNAIL_PX = 32
COPY_CORRELATION = 0.99
_COARSE_PX = 16
_COARSE_CORRELATION = COPY_CORRELATION - 0.02
_BLOCK = 1024
_FLAT_CONTRAST = 1.0  # standard deviation in grey levels, below which a thumbnail shows nothing

# The eight ways to lay down a picture, applied to (N, H, W).
_TRANSFORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "same": lambda a: a,
    "rotated 90": lambda a: np.rot90(a, 1, (1, 2)),
    "rotated 180": lambda a: np.rot90(a, 2, (1, 2)),
    "rotated 270": lambda a: np.rot90(a, 3, (1, 2)),
    "mirrored": lambda a: a[:, :, ::-1],
    "mirrored, rotated 90": lambda a: np.rot90(a[:, :, ::-1], 1, (1, 2)),
    "mirrored, rotated 180": lambda a: np.rot90(a[:, :, ::-1], 2, (1, 2)),
    "mirrored, rotated 270": lambda a: np.rot90(a[:, :, ::-1], 3, (1, 2)),
}


@dataclass(frozen=True)
class DuplicatePair:
    """Two files of one radiograph.

    Attributes:
        first, second: item names, first before second.
        correlation: of the two thumbnails, in [-1, 1].
        transform: what turns the second into the first.
        same_label: False where the two copies are labelled differently.
    """

    first: str
    second: str
    correlation: float
    transform: str
    same_label: bool


def read_thumbnail(pixels: np.ndarray) -> np.ndarray:
    """Return the radiograph shrunk to a square by area average; its aspect is not kept.

    Args:
        pixels: ``(H, W)`` in [0, 1].

    Returns:
        ``(32, 32)`` uint8.

    Raises:
        ShapeError: not two-dimensional, or empty.
    """
    if pixels.ndim != 2 or 0 in pixels.shape:
        raise ShapeError("pixels", pixels.shape, "(H, W)")
    rows = _area_weights(pixels.shape[0]) @ pixels.astype(np.float32, copy=False)
    shrunk = rows @ _area_weights(pixels.shape[1]).T
    return np.clip(np.rint(shrunk * 255), 0, 255).astype(np.uint8)


def find_duplicates(items: Sequence[Item], thumbnails: np.ndarray) -> list[DuplicatePair]:
    """Return the pairs of items that are copies of one radiograph, sorted by names.

    Args:
        items: N of them.
        thumbnails: ``(N, 32, 32)`` uint8 from ``read_thumbnail``, in the order of ``items``.

    Raises:
        ShapeError: thumbnails of another shape.
    """
    pairs = []
    for i, j, correlation, transform in _find_index_pairs(items, thumbnails):
        first, second = items[i], items[j]
        pairs.append(
            DuplicatePair(first.name, second.name, correlation, transform, first.label == second.label)
        )
    return sorted(pairs, key=lambda pair: (pair.first, pair.second))


def find_label_conflicts(items: Sequence[Item], thumbnails: np.ndarray) -> list[str]:
    """Return the names of items that have a copy with the other label, sorted; leave them out of training."""
    pairs = find_duplicates(items, thumbnails)
    return sorted({name for pair in pairs if not pair.same_label for name in (pair.first, pair.second)})


def group_duplicates(items: Sequence[Item], thumbnails: np.ndarray) -> tuple[Item, ...]:
    """Merge the groups of items that are copies of one radiograph.

    A merged group takes the first of its names in sorted order.

    Args:
        items: N of them.
        thumbnails: ``(N, 32, 32)`` uint8 from ``read_thumbnail``, in the order of ``items``.

    Returns:
        The N items in their order.

    Raises:
        ShapeError: thumbnails of another shape.
    """
    group_of = {item.name: item.group for item in items}
    parent = {group: group for group in group_of.values()}

    def root(group: str) -> str:
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    for pair in find_duplicates(items, thumbnails):
        first, second = sorted((root(group_of[pair.first]), root(group_of[pair.second])))
        parent[second] = first
    return tuple(replace(item, group=root(item.group)) for item in items)


def _find_index_pairs(
    items: Sequence[Item], thumbnails: np.ndarray
) -> Iterator[tuple[int, int, float, str]]:
    """Yield (i, j, correlation, transform) of copies, names in order; the best transform of each pair."""
    if thumbnails.shape != (len(items), THUMBNAIL_PX, THUMBNAIL_PX):
        raise ShapeError("thumbnails", thumbnails.shape, f"({len(items)}, {THUMBNAIL_PX}, {THUMBNAIL_PX})")
    order = np.array(sorted(range(len(items)), key=lambda i: items[i].name), dtype=int)
    fine = thumbnails[order].astype(np.float32)
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for name, transform in _TRANSFORMS.items():
        for i, j, correlation in _correlate(fine, transform(fine)):
            if correlation > best.get((i, j), (-1.0, ""))[0]:
                best[i, j] = (correlation, name)
    for (i, j), (correlation, name) in best.items():
        yield int(order[i]), int(order[j]), correlation, name


def _correlate(left: np.ndarray, right: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs i < j above the threshold; a coarse product chooses what the fine one checks."""
    fine_left, fine_right = _normalise(left), _normalise(right)
    coarse_left, coarse_right = _normalise(_halve(left)), _normalise(_halve(right))
    for start in range(0, len(left), _BLOCK):
        # Only columns from this block on: the pairs before it are done.
        product = coarse_left[start : start + _BLOCK] @ coarse_right[start:].T
        rows, columns = np.nonzero(product > _COARSE_CORRELATION)
        rows, columns = rows[columns > rows] + start, columns[columns > rows] + start
        for part in range(0, len(rows), _BLOCK):
            i, j = rows[part : part + _BLOCK], columns[part : part + _BLOCK]
            correlations = np.einsum("nk,nk->n", fine_left[i], fine_right[j])
            keep = correlations > COPY_CORRELATION
            yield from zip(i[keep].tolist(), j[keep].tolist(), correlations[keep].tolist(), strict=True)


def _normalise(pictures: np.ndarray) -> np.ndarray:
    """Return ``(N, H*W)`` rows of mean 0 and length 1; all zeros where a picture shows nothing."""
    flat = pictures.reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    shows_nothing = length < _FLAT_CONTRAST * flat.shape[1] ** 0.5
    return np.where(shows_nothing, 0, flat / np.maximum(length, 1e-6)).astype(np.float32)


def _halve(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), _COARSE_PX, 2, _COARSE_PX, 2).mean(axis=(2, 4))


def _area_weights(length_px: int) -> np.ndarray:
    """Return ``(32, length_px)`` weights; row i averages the i-th 32nd of the length."""
    edges = np.linspace(0, length_px, THUMBNAIL_PX + 1)
    left = np.arange(length_px)
    overlap = np.minimum(edges[1:, None], left + 1) - np.maximum(edges[:-1, None], left)
    return (np.clip(overlap, 0, None) * (THUMBNAIL_PX / length_px)).astype(np.float32)
