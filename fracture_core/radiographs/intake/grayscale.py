"""The DICOM grayscale pipeline: stored values to what a monitor shows (PS3.3 C.11, PS3.4 N.2)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fracture_core.base import CorruptFileError
from fracture_core.radiographs.intake.dicom_shutter import Shutter

WindowFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]

# Up to here every possible stored value is transformed once, and pixels are looked up: 16 bits and a sign.
MAX_TABLE_ENTRIES = 2**17
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class LookupTable:
    """A modality or VOI lookup table (PS3.3 C.11.1.1, C.11.2.1.1).

    Attributes:
        first: input value that the first entry maps; smaller ones map to it too.
        entries: ``(N,)`` float64 output values; larger inputs map to the last.
        bits: bits of an output value.
    """

    first: int
    entries: np.ndarray
    bits: int

    def apply(self, values: np.ndarray) -> np.ndarray:
        indices = np.clip(np.rint(values) - self.first, 0, len(self.entries) - 1).astype(np.intp)
        mapped: np.ndarray = self.entries[indices]
        return mapped


@dataclass(frozen=True)
class Window:
    """A window in modality values (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""

    center: float
    width: float
    function: WindowFunction = "LINEAR"

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return values in [0, 1], the display's output range."""
        if self.function == "SIGMOID":  # C.11.2.1.3.1
            return 1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - self.center) / self.width, -700, 700)))
        if self.function == "LINEAR_EXACT":  # C.11.2.1.3.2
            return np.clip((values - self.center) / self.width + 0.5, 0.0, 1.0)
        # C.11.2.1.2.1: LINEAR; a width of 1 is a step above center - 0.5
        if self.width == 1:
            return (values > self.center - 0.5).astype(np.float64)
        return np.clip((values - (self.center - 0.5)) / (self.width - 1.0) + 0.5, 0.0, 1.0)


@dataclass(frozen=True)
class DisplayTransform:
    """What the header says about showing a frame.

    Attributes:
        modality_table: replaces slope and intercept where present.
        slope, intercept: stored values to modality values.
        voi_table: used before ``window`` where both are present.
        window: None together with ``voi_table`` means: from darkest to brightest.
        is_monochrome1: small values are bright.
        padding: lowest and highest stored value that is no picture, both inclusive.
    """

    modality_table: LookupTable | None = None
    slope: float = 1.0
    intercept: float = 0.0
    voi_table: LookupTable | None = None
    window: Window | None = None
    is_monochrome1: bool = False
    padding: tuple[int, int] | None = None

    @property
    def is_stretched(self) -> bool:
        """True when the picture's own darkest and brightest values set the range."""
        return self.voi_table is None and self.window is None


def show_grayscale(stored: np.ndarray, transform: DisplayTransform, shutter: Shutter | None = None) -> np.ndarray:
    """Return a frame as a monitor shows it.

    Modality table or rescale (C.11.1), then VOI table or window (C.11.2), then the sense of MONOCHROME1
    (C.7.6.3.1.2), scaled by the output range. Padding (C.7.5.1.1.2) is shown black. Without table or window the
    darkest to the brightest modality value is shown, padding left out of the count.

    Args:
        stored: ``(H, W)`` stored pixel values, integers or floats.
        transform: of this frame.
        shutter: what is covered; it takes no part in the count, and its own brightness stands there.

    Returns:
        ``(H, W)`` float32 in [0, 1].

    Raises:
        CorruptFileError: stored values that are not numbers.
    """
    if not np.isfinite([stored.min(), stored.max()]).all():
        raise CorruptFileError("The file holds pixels that are not numbers.", "Export the radiograph again.")
    if stored.dtype.kind not in "iu" or int(stored.max()) - int(stored.min()) >= MAX_TABLE_ENTRIES:
        present = np.ones(stored.shape, bool) if shutter is None else ~shutter.covered
        return _cover(_show(stored.astype(np.float64), present, transform).astype(np.float32), shutter)
    low = int(stored.min())
    values = np.arange(low, int(stored.max()) + 1)
    blocks = [slice(start, start + _ROWS_AT_ONCE) for start in range(0, len(stored), _ROWS_AT_ONCE)]
    present = np.full(len(values), not transform.is_stretched)  # counts only there
    for block in blocks if transform.is_stretched else ():
        open_here = stored[block] if shutter is None else stored[block][~shutter.covered[block]]
        present[open_here.astype(np.int64) - low] = True
    shown = _show(values.astype(np.float64), present, transform).astype(np.float32)
    pixels = np.empty(stored.shape, np.float32)
    for block in blocks:
        pixels[block] = shown[stored[block].astype(np.int64) - low]
    return _cover(pixels, shutter)


def _cover(pixels: np.ndarray, shutter: Shutter | None) -> np.ndarray:
    if shutter is not None:
        pixels[shutter.covered] = shutter.shown
    return pixels


def _show(values: np.ndarray, present: np.ndarray, transform: DisplayTransform) -> np.ndarray:
    """Transform stored values, of which ``present`` occur in the picture, to [0, 1]."""
    modality = to_modality(values, transform)
    padding = np.zeros(values.shape, bool)
    if transform.padding is not None:  # background, whatever shows the rest (C.7.5.1.1.2)
        padding = (values >= transform.padding[0]) & (values <= transform.padding[1])
    if transform.voi_table is not None:
        shown = transform.voi_table.apply(modality) / (2.0**transform.voi_table.bits - 1.0)
    elif transform.window is not None:
        shown = transform.window.apply(modality)
    else:
        shown = _stretch(modality, present & ~padding)
    if transform.is_monochrome1:
        shown = 1.0 - shown
    return np.clip(np.where(padding, 0.0, shown), 0.0, 1.0)


def to_modality(values: np.ndarray, transform: DisplayTransform) -> np.ndarray:
    """Return stored values as modality values: by the table, else by slope and intercept (C.11.1)."""
    if transform.modality_table is not None:
        return transform.modality_table.apply(values)
    return values * transform.slope + transform.intercept


def _stretch(values: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Scale from the smallest to the largest of the counted values; a constant picture becomes 0."""
    if not counted.any():
        return np.zeros_like(values)
    low, high = values[counted].min(), values[counted].max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
