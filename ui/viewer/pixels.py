"""A radiograph's pixels on their way to the browser: at full depth, made smaller only where they are very many."""

import threading
import zlib
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, sqrt

import numpy as np

from fracture_core.radiographs import FullDepth, Radiograph, get_full_depth

MAX_SENT_PIXELS = 16_000_000  # the whole of a large flat detector; more make a browser slow
_ROWS_AT_ONCE = 1024
_GZIP = 31  # zlib's number for that container


@dataclass(frozen=True, eq=False)
class SentPixels:
    """What the browser gets.

    Attributes:
        packed: the values; see `pack_values`. ``slope * value + intercept`` is what the window is stated in.
        kind: "uint8", "uint16" or "int16".
        width_px, height_px: of what is sent.
        sha256: of ``packed``, the kind and the size.
        shrink: px of the file to one that is sent, along each side.
        low, high, is_sigmoid, is_inverted, notes: as in `FullDepth`.
        spacing_mm: (row, column), of the px that are sent.
    """

    packed: bytes
    kind: str
    width_px: int
    height_px: int
    sha256: str
    shrink: int
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
    """Full-depth pixels that wait to be looked at; once packed, only that is kept."""

    def __init__(self, radiograph: Radiograph) -> None:
        self._depth: FullDepth | None = get_full_depth(radiograph)
        self._spacing_mm = radiograph.pixel_spacing_mm
        self._is_calibrated = radiograph.is_spacing_calibrated
        self._sent: SentPixels | None = None
        self._lock = threading.Lock()

    def encode(self) -> SentPixels:
        """Return the pixels as they are sent; the first call takes some 50 ms for 3 million of them."""
        with self._lock:
            if self._sent is None:
                assert self._depth is not None
                self._sent = encode_pixels(self._depth, self._spacing_mm, is_calibrated=self._is_calibrated)
                self._depth = None
            return self._sent


def encode_pixels(
    depth: FullDepth, spacing_mm: tuple[float, float] | None, *, is_calibrated: bool, max_pixels: int = MAX_SENT_PIXELS
) -> SentPixels:
    """Pack values, by a whole factor smaller along each side where there are more than ``max_pixels``.

    Args:
        depth: of the radiograph.
        spacing_mm: (row, column) of the file.
        is_calibrated: the spacing is that of the body, not of the detector.
        max_pixels: most that are sent.
    """
    height_px, width_px = depth.values.shape
    shrink = max(1, ceil(sqrt(depth.values.size / max_pixels)))
    values = shrink_values(depth.values, shrink) if shrink > 1 else depth.values
    notes = list(depth.notes)
    if shrink > 1:
        notes.append(
            f"Shown at 1/{shrink} of its size: the file has {width_px} × {height_px} pixels. "
            "Lengths are those of the file."
        )
    packed = pack_values(values)
    shape = f"{values.dtype} {values.shape}"
    return SentPixels(
        packed=packed,
        kind=str(values.dtype),
        width_px=values.shape[1],
        height_px=values.shape[0],
        sha256=sha256(packed + shape.encode()).hexdigest(),
        shrink=shrink,
        slope=depth.slope,
        intercept=depth.intercept,
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


def pack_values(values: np.ndarray) -> bytes:
    """Return ``(H, W)`` uint8, uint16 or int16 as the browser unpacks it (frontend/src/pixels.js).

    Each value's difference to its left neighbour (modulo 2^8 or 2^16), folded so that small ones of either sign are
    small numbers, all low bytes before all high bytes, compressed by run lengths (gzip): smaller than a PNG, made in a
    third of the time, and inflated by the browser itself, which knows no PNG of more than 8 bits.
    """
    bits = 8 * values.itemsize
    unsigned = np.ascontiguousarray(values).view(f"u{values.itemsize}")
    steps = unsigned.copy()
    steps[:, 1:] -= unsigned[:, :-1]
    signed = steps.view(f"i{values.itemsize}")
    folded = ((signed << 1) ^ (signed >> (bits - 1))).view(unsigned.dtype)
    deflate = zlib.compressobj(level=1, wbits=_GZIP, strategy=zlib.Z_RLE)
    planes = [(folded >> shift & 0xFF).astype(np.uint8) for shift in range(0, bits, 8)]
    return b"".join([*(deflate.compress(np.ascontiguousarray(plane).data) for plane in planes), deflate.flush()])
