"""How well heatmaps find the marked fractures, beside what needs no network.

Pointing game: Zhang et al. 2016, arXiv:1608.00507, sec. 4.2. Energy: Wang et al. 2020,
arXiv:1910.01279, sec. 4.3. Both are asked of every fractured radiograph with a mark,
whether it was called or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fracture_core.datasets import Box, LabelledImages
from fracture_core.evaluation.metrics import Metric, compute_mean, compute_share, draw_weights
from fracture_core.evaluation.records import Localisation
from fracture_core.reading import spread_map

TOLERANCE = 0.03  # of the longer side: the 15 px of the pointing game on pictures of about 500 px
IOU_LEVEL = 0.5  # of the heatmap's full scale, as it is shown; fixed, and fitted to nothing
IOU_MARKS = (0.1, 0.3)
# The figures of ``measure_picture`` that are 0 or 1: averaged, they are shares of radiographs.
_HITS = {"pointing", "pointing tolerant", "centre", "centre tolerant", *(f"iou at least {mark}" for mark in IOU_MARKS)}


@dataclass(frozen=True)
class Peak:
    """Where a heatmap is strongest, as shares of the radiograph's width and height; None: nothing is marked."""

    x: float
    y: float
    in_box: bool | None


def find_peaks(images: LabelledImages, maps: np.ndarray) -> list[Peak]:
    """Return each map's peak over its radiograph; the first one, where several are equal.

    Args:
        maps: ``(N, h, w)`` logits over the letterboxed squares.
    """
    peaks = []
    for item, (width_px, height_px), activation in zip(images.items, images.sizes_px, maps, strict=True):
        evidence = spread_map(activation, int(width_px), int(height_px))
        row, column = _find_maximum(evidence)
        x, y = (column + 0.5) / evidence.shape[1], (row + 0.5) / evidence.shape[0]
        hit = None
        if item.boxes:
            hit = bool(measure_distances(item.boxes, int(width_px), int(height_px), evidence.shape)[row, column] == 0)
        peaks.append(Peak(round(x, 4), round(y, 4), hit))
    return peaks


def measure_localisation(
    images: LabelledImages, maps: np.ndarray, called: np.ndarray, full_scale: float
) -> Localisation | None:
    """Return the figures, or None where no fractured radiograph has a mark.

    Args:
        maps: ``(N, h, w)`` logits over the letterboxed squares.
        called: ``(N,)`` whether a fracture was called.
        full_scale: logits at which a heatmap is full.
    """
    marked = [index for index, item in enumerate(images.items) if item.label == 1 and item.boxes]
    if not marked:
        return None
    rows = [_measure(images, index, maps[index], full_scale) for index in marked]
    groups = np.array([images.items[index].group for index in marked])
    regions = [images.items[index].region for index in marked]
    calls = ["called" if called[index] else "missed" for index in marked]
    return Localisation(
        n=len(marked),
        n_groups=len(np.unique(groups)),
        tolerance=TOLERANCE,
        iou_level=IOU_LEVEL,
        figures=_average(rows, groups),
        by_region=_average_by(regions, rows, groups),
        by_call=_average_by(calls, rows, groups),
    )


def measure_picture(evidence: np.ndarray, distances: np.ndarray, full_scale: float) -> dict[str, float]:
    """Return one picture's figures, each in [0, 1].

    ``random`` is what a point thrown at the picture expects; it is also the energy of a map that is the same all over.

    Args:
        evidence: ``(h, w)`` logits over the radiograph.
        distances: ``(h, w)`` from the nearest mark, as shares of the longer side.
        full_scale: logits at which a heatmap is full.
    """
    inside, near = distances == 0, distances <= TOLERANCE
    peak, centre = _find_maximum(evidence), (evidence.shape[0] // 2, evidence.shape[1] // 2)
    heatmap = np.clip(evidence / full_scale, 0.0, 1.0)
    iou = _divide((inside & (heatmap >= IOU_LEVEL)).sum(), (inside | (heatmap >= IOU_LEVEL)).sum())
    return {
        "pointing": float(inside[peak]),
        "pointing tolerant": float(near[peak]),
        "energy": _divide(heatmap[inside].sum(), heatmap.sum()),
        "iou": iou,
        **{f"iou at least {mark}": float(iou >= mark) for mark in IOU_MARKS},
        "centre": float(inside[centre]),
        "centre tolerant": float(near[centre]),
        "random": float(inside.mean()),
        "random tolerant": float(near.mean()),
    }


def _measure(images: LabelledImages, index: int, activation: np.ndarray, full_scale: float) -> dict[str, float]:
    width_px, height_px = (int(size) for size in images.sizes_px[index])
    evidence = spread_map(activation, width_px, height_px)
    distances = measure_distances(images.items[index].boxes, width_px, height_px, evidence.shape)
    return measure_picture(evidence, distances, full_scale)


def _average(rows: Sequence[dict[str, float]], groups: np.ndarray) -> dict[str, Metric]:
    weights, everything = draw_weights(groups), np.ones(len(rows), bool)
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {
        name: compute_share(column == 1, everything, weights) if name in _HITS else compute_mean(column, weights)
        for name, column in columns.items()
    }


def _average_by(
    keys: Sequence[str | None], rows: Sequence[dict[str, float]], groups: np.ndarray
) -> dict[str, dict[str, Metric]]:
    averages = {}
    for key in sorted({key for key in keys if key}):
        chosen = [index for index, other in enumerate(keys) if other == key]
        averages[key] = _average([rows[index] for index in chosen], groups[chosen])
    return averages


def _find_maximum(picture: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(int(picture.argmax()), picture.shape)
    return int(row), int(column)


def _divide(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 0.0


def measure_distances(boxes: Sequence[Box], width_px: int, height_px: int, shape: tuple[int, int]) -> np.ndarray:
    """Return how far each point of a grid over the radiograph is from the nearest box.

    Args:
        boxes: at least one, in px of the radiograph.
        width_px, height_px: of the radiograph.
        shape: ``(h, w)`` of the grid; its points are the centres of its cells.

    Returns:
        ``(h, w)`` float64 as shares of the radiograph's longer side; 0 inside a box and on its edge.
    """
    height, width = shape
    side = max(width_px, height_px)
    x = (np.arange(width) + 0.5) * width_px / width
    y = (np.arange(height) + 0.5) * height_px / height
    grids = [
        np.hypot(_reach(x, box.x, box.width)[np.newaxis, :], _reach(y, box.y, box.height)[:, np.newaxis])
        for box in boxes
    ]
    result: np.ndarray = np.minimum.reduce(grids) / side
    return result


def _reach(positions: np.ndarray, start: float, length: float) -> np.ndarray:
    """Return how far each position is outside the stretch ``start`` to ``start + length``."""
    return np.maximum(0.0, np.maximum(start - positions, positions - start - length))
