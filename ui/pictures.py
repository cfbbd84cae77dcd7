"""Pictures for the screen: a radiograph in gray, the heatmap laid over it, as PNG bytes."""

import io

import numpy as np
from PIL import Image, ImageDraw

from fracture_core.data.items import Box
from fracture_core.overlay import blend_heatmap, shrink_gray
from fracture_core.radiograph import Radiograph

__all__ = ["blend_heatmap", "draw_boxes", "encode_png", "shrink_gray", "shrink_radiograph"]

_BOX_COLOUR = (94, 220, 255)


def shrink_radiograph(radiograph: Radiograph, longest_px: int) -> np.ndarray:
    """Return ``(H, W)`` uint8 whose longest side is at most ``longest_px``."""
    return shrink_gray(radiograph.to_uint8(), longest_px)


def draw_boxes(picture: np.ndarray, boxes: tuple[Box, ...], file_width_px: int) -> np.ndarray:
    """Return the picture with the data set's boxes; they are in px of a file ``file_width_px`` wide."""
    image = Image.fromarray(picture).convert("RGB")
    scale = image.width / file_width_px
    pen = ImageDraw.Draw(image)
    line_px = max(2, round(max(image.size) / 350))
    for box in boxes:
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        pen.rectangle([corner * scale for corner in corners], outline=_BOX_COLOUR, width=line_px)
    return np.asarray(image)


def encode_png(picture: np.ndarray) -> bytes:
    """Return PNG bytes of ``(H, W)`` or ``(H, W, 3)`` uint8."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
