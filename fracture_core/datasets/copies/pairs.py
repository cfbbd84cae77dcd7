"""Find copies of one radiograph under several names.

A copy may be turned by right angles, mirrored, rescaled or changed in contrast.
Two files are compared by their thumbnails, with grey levels replaced by their
ranks so that contrast makes no difference. Two hands of two people have much the
same outline; what tells a copy is that the fine detail agrees as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fracture_core.base import ShapeError
from fracture_core.datasets.layouts.items import DatasetItem

THUMBNAIL_PX = 32
# Chosen by looking at pairs of FracAtlas and of the paper's data set. Above both, every pair
# was a copy (88 of 88, and 7 of 7 pairs of families); just below lie alike pelves and two
# copies of which one is cut short.
DETAIL_CORRELATION = 0.775
OVERALL_CORRELATION = 0.9
# Pairs above these are worth comparing at a higher resolution; copies that were cropped by 5% lie here.
CANDIDATE_DETAIL, CANDIDATE_OVERALL = 0.35, 0.8
_BLOCK = 1024
_FLAT_RANGE = 3  # grey levels; a thumbnail that spans fewer shows nothing

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
class CopyPair:
    """Two files of one radiograph.

    Attributes:
        first, second: item names, first before second.
        correlation: of the fine detail of the two thumbnails, in [-1, 1].
        transform: what turns the second into the first.
        same_label: False where the two copies are labelled differently.
    """

    first: str
    second: str
    correlation: float
    transform: str
    same_label: bool


def shrink_to_thumbnail(pixels: np.ndarray) -> np.ndarray:
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
    thumbnail: np.ndarray = np.clip(np.rint(shrunk * 255), 0, 255).astype(np.uint8)
    return thumbnail


def find_thumbnail_copies(items: Sequence[DatasetItem], thumbnails: np.ndarray) -> list[CopyPair]:
    """Return the pairs of items that are copies of one radiograph, sorted by names.

    Args:
        items: N of them.
        thumbnails: ``(N, 32, 32)`` uint8 from ``shrink_to_thumbnail``, in the order of ``items``.

    Raises:
        ShapeError: thumbnails of another shape.
    """
    if thumbnails.shape != (len(items), THUMBNAIL_PX, THUMBNAIL_PX):
        raise ShapeError("thumbnails", thumbnails.shape, f"({len(items)}, {THUMBNAIL_PX}, {THUMBNAIL_PX})")
    order = sorted(range(len(items)), key=lambda i: items[i].name)
    pairs = []
    for i, j, correlation, transform, _ in _find_index_pairs(thumbnails[order]):
        first, second = items[order[i]], items[order[j]]
        pairs.append(CopyPair(first.name, second.name, correlation, transform, first.label == second.label))
    return sorted(pairs, key=lambda pair: (pair.first, pair.second))


def find_candidates(thumbnails: np.ndarray) -> list[tuple[int, int, float, str, bool]]:
    """Return (i, j, correlation, transform, certain) of pairs that may be copies, i < j.

    Args:
        thumbnails: ``(N, 32, 32)`` uint8.

    Returns:
        ``certain`` where ``find_thumbnail_copies`` would take them; the pixels must decide about the others.
    """
    return [
        (i, j, correlation, transform, correlation > DETAIL_CORRELATION and overall > OVERALL_CORRELATION)
        for i, j, correlation, transform, overall in _find_index_pairs(thumbnails, CANDIDATE_DETAIL, CANDIDATE_OVERALL)
    ]


def _find_index_pairs(
    thumbnails: np.ndarray, least_detail: float = DETAIL_CORRELATION, least_overall: float = OVERALL_CORRELATION
) -> Iterator[tuple[int, int, float, str, float]]:
    """Yield (i, j, correlation, transform, overall correlation), i < j, with the transform that fits best."""
    best: dict[tuple[int, int], tuple[float, str, float]] = {}
    ranks = _rank_grey_levels(thumbnails)
    details, overall = _normalise(_subtract_surround(ranks)), _normalise(ranks)
    for name, transform in _TRANSFORMS.items():
        for i, j, correlation, together in _correlate(
            details, transform(details), overall, transform(overall), least_detail, least_overall
        ):
            if correlation > best.get((i, j), (-1.0, "", 0.0))[0]:
                best[i, j] = (correlation, name, together)
    for (i, j), found in best.items():
        yield i, j, *found


def _correlate(
    details: np.ndarray,
    turned_details: np.ndarray,
    overall: np.ndarray,
    turned_overall: np.ndarray,
    least_detail: float,
    least_overall: float,
) -> Iterator[tuple[int, int, float, float]]:
    """Yield the pairs i < j above both thresholds with the correlations of their details and overall."""
    count = len(details)
    left, right = details.reshape(count, THUMBNAIL_PX**2), turned_details.reshape(count, THUMBNAIL_PX**2)
    for start in range(0, count, _BLOCK):
        # Only columns from this block on: the pairs before it are done.
        product = left[start : start + _BLOCK] @ right[start:].T
        rows, columns = np.nonzero(product > least_detail)
        above = columns > rows
        for row, column in zip(rows[above].tolist(), columns[above].tolist(), strict=True):
            i, j = row + start, column + start
            together = float(np.vdot(overall[i], turned_overall[j]))
            if together > least_overall:
                yield i, j, min(1.0, float(product[row, column])), together


def _rank_grey_levels(thumbnails: np.ndarray) -> np.ndarray:
    """Return ``(N, H, W)`` float32: each pixel's mean rank within its picture; 0 all over where it shows nothing."""
    ranks = np.zeros(thumbnails.shape, dtype=np.float32)
    for picture, rank in zip(thumbnails, ranks, strict=True):
        counts = np.bincount(picture.ravel(), minlength=256)
        if np.ptp(picture) >= _FLAT_RANGE:
            rank[:] = (np.cumsum(counts) - counts / 2)[picture]
    return ranks


def _subtract_surround(pictures: np.ndarray) -> np.ndarray:
    """Return ``(N, H, W)`` less the mean of each pixel's 3 x 3 neighbourhood."""
    height, width = pictures.shape[1:]
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    surround = sum(padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3))
    return pictures - surround / 9


def _normalise(pictures: np.ndarray) -> np.ndarray:
    """Return ``(N, H, W)`` pictures of mean 0 and length 1, so that products are correlations."""
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    length = np.linalg.norm(centred, axis=(1, 2), keepdims=True)
    normalised: np.ndarray = centred / np.maximum(length, 1e-6)
    return normalised


def _area_weights(length_px: int) -> np.ndarray:
    """Return ``(32, length_px)`` weights; row i averages the i-th 32nd of the length."""
    edges = np.linspace(0, length_px, THUMBNAIL_PX + 1)
    left = np.arange(length_px)
    overlap = np.minimum(edges[1:, None], left + 1) - np.maximum(edges[:-1, None], left)
    weights: np.ndarray = (np.clip(overlap, 0, None) * (THUMBNAIL_PX / length_px)).astype(np.float32)
    return weights
