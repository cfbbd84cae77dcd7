"""Pictures for the screen: a radiograph in gray, the heatmap laid over it, as PNG bytes."""

import io

import numpy as np
from PIL import Image, ImageDraw

from fracture_core.data.items import Box
from fracture_core.radiograph import Radiograph

# From nothing over amber to near white: heat stays readable on gray and for colour-blind eyes.
_HEAT_STOPS = np.array([0.0, 0.35, 0.7, 1.0])
_HEAT_COLOURS = np.array([[88, 24, 69], [199, 62, 29], [255, 153, 20], [255, 236, 160]], np.float32)
_BOX_COLOUR = (94, 220, 255)


def shrink_radiograph(radiograph: Radiograph, longest_px: int) -> np.ndarray:
    """Return ``(H, W)`` uint8 whose longest side is at most ``longest_px``."""
    return shrink_gray(radiograph.to_uint8(), longest_px)


def shrink_gray(gray: np.ndarray, longest_px: int) -> np.ndarray:
    """Return ``(H, W)`` uint8, made smaller where it must be, never larger."""
    height, width = gray.shape
    scale = longest_px / max(height, width)
    if scale >= 1.0:
        return gray
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(gray).resize(size, Image.Resampling.LANCZOS))


def blend_heatmap(gray: np.ndarray, heatmap: np.ndarray, opacity: float) -> np.ndarray:
    """Return ``(H, W, 3)`` uint8 with the heatmap over the picture.

    Args:
        gray: ``(H, W)`` uint8.
        heatmap: ``(H', W')`` float32 in [0, 1], covering the same field.
        opacity: 0 hides the heatmap, 1 hides the picture where the heat is full.
    """
    height, width = gray.shape
    heat_image = Image.fromarray(np.ascontiguousarray(heatmap, dtype=np.float32))
    heat = np.asarray(heat_image.resize((width, height), Image.Resampling.BICUBIC)).clip(0.0, 1.0)
    colour = np.stack([np.interp(heat, _HEAT_STOPS, channel) for channel in _HEAT_COLOURS.T], axis=-1)
    alpha = (opacity * heat)[..., None]  # cold parts stay the radiograph
    return np.rint(gray[..., None] * (1.0 - alpha) + colour * alpha).astype(np.uint8)


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
