"""Keeps a radiograph's values as deep as the file has them, so that a screen can window them itself."""

from math import ceil, floor

import numpy as np

from fracture_core.radiographs.intake.dicom_shutter import Shutter
from fracture_core.radiographs.intake.grayscale import MAX_TABLE_ENTRIES, DisplayTransform, Window, to_modality
from fracture_core.radiographs.radiograph import FullDepth, Radiograph

_KEPT_AS_STORED = (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.int16))
_TABLE_NOTE = "The file's own brightness table (VOI LUT) is applied first; the window works on what it gives."


def get_full_depth(radiograph: Radiograph) -> FullDepth:
    """Return the values of a radiograph; of one without DICOM's pipeline they are its pixels, at the file's bits."""
    if radiograph.full_depth is not None:
        return radiograph.full_depth
    levels = 2 ** min(max(radiograph.bit_depth, 8), 16) - 1
    values = np.rint(radiograph.pixels * np.float32(levels))
    return FullDepth(values.astype(np.uint8 if levels < 256 else np.uint16), high=float(levels))


def keep_full_depth(stored: np.ndarray, transform: DisplayTransform, shutter: Shutter | None = None) -> FullDepth:
    """Return a DICOM frame's values before window and MONOCHROME1's sense are applied.

    Args:
        stored: ``(H, W)`` stored values; kept without a copy where they are modality values already.
        shutter: what is covered; black here.
        transform: of this frame. A VOI table, which no window expresses, is applied, and said in the notes.
    """
    values, slope, intercept = _to_values(stored, transform)
    low, high = _find_window(stored if shutter is None else stored[~shutter.covered], transform)
    end = (high if transform.is_monochrome1 else low) - intercept
    outwards = floor if (slope > 0) != transform.is_monochrome1 else ceil  # never just inside of the window
    black = outwards(end / slope)
    if transform.padding is not None:
        values = _blacken(values, (stored >= transform.padding[0]) & (stored <= transform.padding[1]), black)
    if shutter is not None:
        values = _blacken(values, shutter.covered, black)
    return FullDepth(
        values=values,
        slope=slope,
        intercept=intercept,
        low=low,
        high=high if high > low else low + 1.0,
        is_sigmoid=transform.voi_table is None and getattr(transform.window, "function", "") == "SIGMOID",
        is_inverted=transform.is_monochrome1,
        notes=(_TABLE_NOTE,) if transform.voi_table is not None else (),
    )


def _to_values(stored: np.ndarray, transform: DisplayTransform) -> tuple[np.ndarray, float, float]:
    """Return values of 16 bits or fewer, and the slope and intercept that lead from them to window values."""
    is_plain = transform.modality_table is None and transform.voi_table is None
    if is_plain and (transform.slope, transform.intercept) == (1.0, 0.0) and stored.dtype in _KEPT_AS_STORED:
        return stored, 1.0, 0.0
    first = stored.min()
    if stored.dtype.kind not in "iu" or int(stored.max()) - int(first) >= MAX_TABLE_ENTRIES:
        return _to_16_bits(_to_window_values(stored.astype(np.float64), transform))
    every = np.arange(int(first), int(stored.max()) + 1, dtype=np.float64)  # as many as there can be, not as pixels
    table, slope, intercept = _to_16_bits(_to_window_values(every, transform))
    return table[stored.astype(np.int64) - int(first)], slope, intercept


def _to_window_values(values: np.ndarray, transform: DisplayTransform) -> np.ndarray:
    modality = to_modality(values, transform)
    return modality if transform.voi_table is None else transform.voi_table.apply(modality)


def _to_16_bits(values: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return whole numbers of 16 bits as they are, and others in 65,536 steps over their range."""
    low, high = float(values.min()), float(values.max())
    is_whole = bool(np.array_equal(values, np.rint(values)))
    for dtype in _KEPT_AS_STORED if is_whole else ():
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return values.astype(dtype), 1.0, 0.0
    slope = (high - low) / 65535.0 or 1.0
    return np.rint((values - low) / slope).astype(np.uint16), slope, low


def _find_window(stored: np.ndarray, transform: DisplayTransform) -> tuple[float, float]:
    """Return the values that are shown black and white (before MONOCHROME1 swaps them)."""
    if transform.voi_table is not None:
        return 0.0, 2.0**transform.voi_table.bits - 1.0
    if transform.window is not None:
        return _find_ends(transform.window)
    counted = stored
    if transform.padding is not None:
        first, last = transform.padding
        inside = stored[(stored < first) | (stored > last)]
        counted = inside if inside.size else stored
    ends = to_modality(np.array([counted.min(), counted.max()], dtype=np.float64), transform)
    if transform.modality_table is not None:  # need not rise with what is stored
        ends = to_modality(np.unique(counted).astype(np.float64), transform)
    return float(ends.min()), float(ends.max())


def _find_ends(window: Window) -> tuple[float, float]:
    """Return where a window begins and ends (PS3.3 C.11.2.1.2.1 and C.11.2.1.3.2)."""
    if window.function == "LINEAR":
        return window.center - window.width / 2, window.center + window.width / 2 - 1.0
    return window.center - window.width / 2, window.center + window.width / 2


def _blacken(values: np.ndarray, where: np.ndarray, black: int) -> np.ndarray:
    """Return the values with a part at the black end of the window, as the rest of the app shows it."""
    if not where.any():
        return values
    values = values.copy()
    values[where] = np.clip(black, np.iinfo(values.dtype).min, np.iinfo(values.dtype).max)
    return values
