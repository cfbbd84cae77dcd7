"""Small pictures for the screen: a radiograph in gray, as PNG bytes. Apart: pages that show small pictures share it."""

import io

import numpy as np
from PIL import Image

from fracture_core.radiographs import Radiograph, shrink_gray


def shrink_radiograph(radiograph: Radiograph, longest_px: int) -> np.ndarray:
    """Return ``(H, W)`` uint8 whose longest side is at most ``longest_px``."""
    return shrink_gray(radiograph.to_uint8(), longest_px)


def encode_png(picture: np.ndarray) -> bytes:
    """Return PNG bytes of ``(H, W)`` or ``(H, W, 3)`` uint8."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
