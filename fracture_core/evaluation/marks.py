"""Where a picture's points lie against the marked fractures."""

from collections.abc import Sequence

import numpy as np

from fracture_core.datasets import Box


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
