"""A radiograph in memory: pixels as a reader would see them, and where they came from."""

from dataclasses import dataclass, field, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class FullDepth:
    """The same picture before its window: what a screen windows itself.

    Attributes:
        values: ``(H, W)`` uint8, uint16 or int16; ``slope * values + intercept`` are the values in which the window
            is stated: the modality values of a DICOM (PS3.3 C.11.1), or what its VOI table gives.
        slope, intercept: 1 and 0 wherever the values fit into 16 bits as they are.
        low, high: the file's own window. What is at or below ``low`` is shown black, at or above ``high`` white.
        is_sigmoid: the file asks for the sigmoid of PS3.3 C.11.2.1.3.1 between them.
        is_inverted: small values are bright (MONOCHROME1); black and white change places.
        notes: things a reader should know of these values.
    """

    values: np.ndarray
    slope: float = 1.0
    intercept: float = 0.0
    low: float = 0.0
    high: float = 255.0
    is_sigmoid: bool = False
    is_inverted: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Radiograph:
    """One two-dimensional projection image, ready for preprocessing or display.

    Attributes:
        pixels: ``(H, W)`` float32 in [0, 1], unitless; 0 is black (air), 1 is
            white (dense bone), whatever the photometric sense of the file was.
        source_type: "JPEG", "PNG", "TIFF" or "DICOM".
        bit_depth: bits per sample in the file (8, 10, 12, 16, ...).
        frame_index: zero-based frame that was read.
        frame_count: frames in the file.
        photometric: sense of the file: "MONOCHROME1", "MONOCHROME2" or "RGB".
        pixel_spacing_mm: (row, column) spacing at the detector, or as calibrated, where known.
        is_spacing_calibrated: the spacing is that of the body, not of the detector.
        colour_share: share of pixels that have another colour than others of their brightness; 0 in a gray file
            and in one that is tinted as a whole. See `intake.colour`.
        full_depth: kept where a window can show more than ``pixels`` do; see `intake.full_depth`.
        sha256: hash of the file's bytes, in hexadecimal.
        exam_sha256: hash of the exam's identifier; empty where the file states none. Not to be stored as it is: an
            archive could be asked for it.
        warnings: things a reader should know, such as a window that was missing.
        details: de-identified facts of the header (modality, body part, view,
            transfer syntax, ...); never a patient's name, id or dates.
    """

    pixels: np.ndarray
    source_type: str
    bit_depth: int = 8
    frame_index: int = 0
    frame_count: int = 1
    photometric: str = "MONOCHROME2"
    pixel_spacing_mm: tuple[float, float] | None = None
    is_spacing_calibrated: bool = False
    colour_share: float = 0.0
    full_depth: FullDepth | None = None
    sha256: str = ""
    exam_sha256: str = field(default="", repr=False)
    warnings: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)

    @property
    def height_px(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width_px(self) -> int:
        return int(self.pixels.shape[1])

    def without_pixels(self) -> "Radiograph":
        """Return its facts with blank pixels of the same size that take no memory."""
        blank = np.broadcast_to(np.float32(0), self.pixels.shape)
        return replace(self, pixels=blank, full_depth=None)

    def to_uint8(self) -> np.ndarray:
        """Return ``(H, W)`` uint8 for display or a compact cache."""
        return np.clip(np.rint(self.pixels * 255.0), 0, 255).astype(np.uint8)
