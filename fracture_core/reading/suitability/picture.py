"""What the picture itself says against a reading: colour, size, emptiness, exposure, field."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fracture_core.radiographs import Radiograph
from fracture_core.reading.suitability.findings import Finding

_SIDE_PX = 256
COLOUR_LIMIT = 0.10  # coloured arrows and letters stay below
SMALLEST_LONGER_SIDE_PX = 96
BLANK_RANGE = 0.02
_BLACK, _WHITE = 4 / 255, 251 / 255
DARK_LIMIT, BRIGHT_SHARE_LIMIT = 0.16, 0.10  # 99th percentile of brightness; share of the middle that is burned out
RANGE_LIMIT = 0.25
FIELD_LIMIT = 0.16


@dataclass(frozen=True)
class Small:
    """A radiograph at no more than 256 px, for measuring; ``field`` is the share of the picture that is not border."""

    pixels: np.ndarray
    field: float

    @property
    def range(self) -> float:
        """Return the brightness between the 1st and the 99th percentile inside the field."""
        low, high = np.percentile(self.pixels, (1, 99))
        return float(high - low)


def shrink(radiograph: Radiograph) -> Small:
    """Return the radiograph, small and without a border of one brightness."""
    step = max(1, max(radiograph.pixels.shape) // (2 * _SIDE_PX))
    image = Image.fromarray(np.ascontiguousarray(radiograph.pixels[::step, ::step], np.float32))
    scale = _SIDE_PX / max(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BOX)
    pixels = np.asarray(image)
    inner = _cut_border(pixels)
    return Small(inner, inner.size / pixels.size)


def check_colour(radiograph: Radiograph) -> Finding:
    share = radiograph.colour_share
    if share < COLOUR_LIMIT:
        return Finding("colour", "ok", "The picture has no colours of its own.", "", share, COLOUR_LIMIT)
    return Finding(
        "not a radiograph",
        "refused",
        f"The picture is in colour ({share:.0%} of it), which no radiograph is.",
        "Choose the radiograph itself: not a photograph, screenshot or drawing.",
        share,
        COLOUR_LIMIT,
    )


def check_size(radiograph: Radiograph, input_size_px: int) -> Finding:
    """Return whether there are enough pixels: half of what the model takes is a reason to look."""
    longer = max(radiograph.width_px, radiograph.height_px)
    size = f"The picture is {radiograph.width_px} × {radiograph.height_px} px"
    advice = "Export the radiograph at its full size; a fracture line may not be visible in so few pixels."
    smallest = min(SMALLEST_LONGER_SIDE_PX, input_size_px)
    if longer < smallest:
        return Finding("too small", "refused", f"{size}, too small to read.", advice, longer, smallest, "px")
    if longer < input_size_px // 2:
        return Finding(
            "too small",
            "look",
            f"{size}; the model takes {input_size_px} px.",
            advice,
            longer,
            input_size_px // 2,
            "px",
        )
    return Finding("size", "ok", f"{size}.", "", longer, input_size_px // 2, "px")


def check_exposure(small: Small) -> Finding:
    """Return whether brightness is used well: blank, too dark, too bright, too flat."""
    high = float(np.percentile(small.pixels, 99))
    burned = float((_take_middle(small.pixels) >= _WHITE).mean())  # what lies outside of a collimator is often white
    if small.range < BLANK_RANGE:
        words = "The picture shows nothing: it is of one brightness."
        return Finding("blank", "refused", words, "Export the radiograph again.", small.range, BLANK_RANGE)
    again = "Check the window, or export the radiograph again; details that were lost do not come back."
    if high < DARK_LIMIT:
        words = "The picture is very dark, as an over-exposed film or a wrong window is."
        return Finding("too dark", "look", words, again, high, DARK_LIMIT, "of full brightness", "brighten")
    if burned > BRIGHT_SHARE_LIMIT:
        words = f"{burned:.0%} of the middle is burned out to white: an under-exposed film, or a wrong window."
        return Finding("too bright", "look", words, again, burned, BRIGHT_SHARE_LIMIT, "of the middle", "darken")
    if small.range < RANGE_LIMIT:
        words = "The picture has hardly any contrast."
        return Finding("low contrast", "look", words, again, small.range, RANGE_LIMIT, "of full brightness", "brighten")
    return Finding("exposure", "ok", "The picture's brightness is well used.", "", small.range, RANGE_LIMIT)


def check_field(small: Small) -> Finding:
    """Return whether the picture fills a fair part of the file; a border of one brightness does not count."""
    if small.field < FIELD_LIMIT:
        return Finding(
            "cut off",
            "look",
            f"Only {small.field:.0%} of the file is picture, the rest is an empty border.",
            "Make sure that the part of the limb that matters is in it, or crop the border away.",
            small.field,
            FIELD_LIMIT,
            "of the file",
        )
    return Finding("field", "ok", f"{small.field:.0%} of the file is picture.", "", small.field, FIELD_LIMIT)


def _take_middle(pixels: np.ndarray) -> np.ndarray:
    """Return the middle three fifths of each side."""
    down, across = pixels.shape[0] // 5, pixels.shape[1] // 5
    return pixels[down : len(pixels) - down, across : pixels.shape[1] - across]


def _cut_border(pixels: np.ndarray) -> np.ndarray:
    """Return the picture without rows and columns at its edges that are of one brightness; all of it if all are."""
    rows = np.flatnonzero(np.ptp(pixels, axis=1) > BLANK_RANGE)
    columns = np.flatnonzero(np.ptp(pixels, axis=0) > BLANK_RANGE)
    if not len(rows) or not len(columns):
        return pixels
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
