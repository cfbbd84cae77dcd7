"""A radiograph's pixels on their way to the browser: at full depth, made smaller only where they are very many."""

import io
import threading
import zlib
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, sqrt

import numpy as np
from PIL import Image

from fracture_core.intake.full_depth import get_full_depth
from fracture_core.radiograph import FullDepth, Radiograph

MAX_SENT_PIXELS = 12_000_000  # more make a browser slow, and are more than a monitor shows
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, eq=False)
class SentPixels:
    """What the browser gets.

    Attributes:
        png: of 8 or 16 bits; ``slope * value + intercept`` are the values in which ``depth``'s window is stated.
        sha256: of the PNG.
        shrink: px of the file to one px of the PNG, along each side.
        file_width_px, file_height_px: of the part of the file that the PNG covers.
    """

    png: bytes
    sha256: str
    shrink: int
    file_width_px: int
    file_height_px: int
    slope: float
    intercept: float
    low: float
    high: float
    is_sigmoid: bool
    is_inverted: bool
    spacing_mm: tuple[float, float] | None
    is_spacing_calibrated: bool
    notes: tuple[str, ...]


class KeptPixels:
    """Full-depth pixels that wait to be looked at; once encoded, only the PNG is kept."""

    def __init__(self, radiograph: Radiograph) -> None:
        self._depth: FullDepth | None = get_full_depth(radiograph)
        self._spacing_mm = radiograph.pixel_spacing_mm
        self._is_calibrated = radiograph.is_spacing_calibrated
        self._sent: SentPixels | None = None
        self._lock = threading.Lock()

    def encode(self) -> SentPixels:
        """Return the pixels as they are sent; the first call takes some 0.1 s for 3 million of them."""
        with self._lock:
            if self._sent is None:
                assert self._depth is not None
                self._sent = encode_pixels(self._depth, self._spacing_mm, is_calibrated=self._is_calibrated)
                self._depth = None
            return self._sent


def encode_pixels(
    depth: FullDepth, spacing_mm: tuple[float, float] | None, *, is_calibrated: bool, max_pixels: int = MAX_SENT_PIXELS
) -> SentPixels:
    """Encode values as a PNG, by whole factors smaller where there are more than ``max_pixels``.

    Args:
        depth: of the radiograph.
        spacing_mm: (row, column) of the file.
        is_calibrated: the spacing is that of the body, not of the detector.
        max_pixels: most that are sent.
    """
    height_px, width_px = depth.values.shape
    shrink = max(1, ceil(sqrt(depth.values.size / max_pixels)))
    values, offset = depth.values, 0
    if shrink > 1:
        values = shrink_values(values, shrink)
    if values.dtype == np.int16:  # PNG knows no sign
        values, offset = (values.astype(np.int32) + 2**15).astype(np.uint16), -(2**15)
    notes = list(depth.notes)
    if shrink > 1:
        notes.append(
            f"Shown at 1/{shrink} of its size: the file has {width_px} × {height_px} pixels. "
            "Lengths are those of the file."
        )
    png = encode_gray_png(values)
    return SentPixels(
        png=png,
        sha256=sha256(png).hexdigest(),
        shrink=shrink,
        file_width_px=values.shape[1] * shrink,
        file_height_px=values.shape[0] * shrink,
        slope=depth.slope,
        intercept=depth.intercept + offset * depth.slope,
        low=depth.low,
        high=depth.high,
        is_sigmoid=depth.is_sigmoid,
        is_inverted=depth.is_inverted,
        spacing_mm=None if spacing_mm is None else (spacing_mm[0] * shrink, spacing_mm[1] * shrink),
        is_spacing_calibrated=is_calibrated,
        notes=tuple(notes),
    )


def shrink_values(values: np.ndarray, factor: int) -> np.ndarray:
    """Return the mean of each block of ``factor`` px a side, in the same type; an incomplete last one goes."""
    height, width = (side // factor for side in values.shape)
    small = np.empty((height, width), values.dtype)
    for first in range(0, height, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, height)
        block = values[first * factor : last * factor, : width * factor]
        total = np.zeros((last - first, width), np.int32)
        for row in range(factor):
            for column in range(factor):
                total += block[row::factor, column::factor]
        small[first:last] = np.rint(total / factor**2)
    return small


def encode_gray_png(values: np.ndarray) -> bytes:
    """Return a PNG of ``(H, W)`` uint8 or uint16; run lengths are the quickest strategy here, and the smallest."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(buffer, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return buffer.getvalue()
