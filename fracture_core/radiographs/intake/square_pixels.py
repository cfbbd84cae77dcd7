"""Pixels that are not square made square, in one place, before anything looks at them or measures on them."""

from dataclasses import replace

import numpy as np
from PIL import Image

from fracture_core.radiographs.radiograph import Radiograph

_LEAST_DIFFERENCE = 0.01  # below it a shape is not seen, and rounding explains it
_LARGEST_RATIO = 10.0  # beyond it the header is wrong


def make_pixels_square(radiograph: Radiograph, aspect: tuple[float, float] | None, most_pixels: int) -> Radiograph:
    """Return the radiograph at its true shape, with a note where that changes it.

    Args:
        radiograph: as stored; its ``pixel_spacing_mm`` goes before ``aspect``.
        aspect: height and width of a pixel (Pixel Aspect Ratio, PS3.3 C.7.6.3.1.7), in any unit; None for not stated.
        most_pixels: the longer side of a pixel is divided, unless the picture would have more than so many.
    """
    height, width = radiograph.pixel_spacing_mm or aspect or (1.0, 1.0)
    ratio = height / width
    if abs(ratio - 1) < _LEAST_DIFFERENCE or not 1 / _LARGEST_RATIO < ratio < _LARGEST_RATIO:
        return radiograph
    finer = min(height, width)
    rows, columns = radiograph.height_px * height / finer, radiograph.width_px * width / finer
    shrink = min(1.0, (most_pixels / (rows * columns)) ** 0.5)
    size = max(1, round(columns * shrink)), max(1, round(rows * shrink))
    full_depth, spacing = radiograph.full_depth, radiograph.pixel_spacing_mm
    return replace(
        radiograph,
        pixels=np.clip(_resize(radiograph.pixels, size), 0.0, 1.0),
        full_depth=replace(full_depth, values=_resize(full_depth.values, size)) if full_depth else None,
        pixel_spacing_mm=(finer / shrink, finer / shrink) if spacing else None,
        warnings=(
            *radiograph.warnings,
            f"The file's pixels are {ratio:.2f} times as high as wide; the picture was brought to its true shape.",
        ),
    )


def _resize(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    image = Image.fromarray(np.ascontiguousarray(values, np.float32)).resize(size, Image.Resampling.BILINEAR)
    resized = np.asarray(image)
    if values.dtype.kind == "f":
        floats: np.ndarray = resized.astype(values.dtype)
        return floats
    limits = np.iinfo(values.dtype)
    whole: np.ndarray = np.clip(np.rint(resized), limits.min, limits.max).astype(values.dtype)
    return whole
