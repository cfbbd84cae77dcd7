"""The pictures of a report: the radiograph, the same with its heatmap, and the heatmap's scale.

Apart: the PDF and the Secondary Capture show the same pictures.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fracture_core.doors.report.build import Report
from fracture_core.radiographs import blend_heatmap, colour_heat, shrink_gray

OPACITY = 0.6
_SCALE_PX = (256, 10)


@dataclass(frozen=True)
class Pictures:
    """What is drawn; all but the scale have the radiograph's aspect."""

    radiograph: Image.Image
    overlay: Image.Image
    scale: Image.Image


def draw_pictures(report: Report, longest_px: int) -> Pictures:
    """Return the pictures, the longer side of the radiograph at most ``longest_px``."""
    gray = shrink_gray(report.radiograph.to_uint8(), longest_px)
    return Pictures(
        radiograph=Image.fromarray(gray),
        overlay=Image.fromarray(blend_heatmap(gray, report.reading.heatmap, OPACITY)),
        scale=Image.fromarray(draw_scale()),
    )


def draw_scale() -> np.ndarray:
    """Return ``(h, w, 3)`` uint8: heat from 0 at the left to 1 at the right, laid over mid gray as on a picture."""
    width, height = _SCALE_PX
    heat = np.tile(np.linspace(0.0, 1.0, width), (height, 1))
    alpha = (OPACITY * heat)[..., None]
    return np.rint(110 * (1.0 - alpha) + colour_heat(heat) * alpha).astype(np.uint8)
