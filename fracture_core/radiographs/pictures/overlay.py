"""The heatmap laid over a radiograph, in the colours of its scale.

Apart: screens, reports and DICOM objects draw it alike, and nothing of intake needs it.
"""

import numpy as np
from PIL import Image

# From nothing over amber to near white: heat stays readable on gray and for colour-blind eyes.
_HEAT_STOPS = np.array([0.0, 0.35, 0.7, 1.0])
_HEAT_COLOURS = np.array([[88, 24, 69], [199, 62, 29], [255, 153, 20], [255, 236, 160]], np.float32)


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
    alpha = (opacity * heat)[..., None]  # cold parts stay the radiograph
    return np.rint(gray[..., None] * (1.0 - alpha) + colour_heat(heat) * alpha).astype(np.uint8)


def colour_heat(heat: np.ndarray) -> np.ndarray:
    """Return the colours of heat in [0, 1]: the same shape with a last axis of red, green and blue in [0, 255]."""
    return np.stack([np.interp(heat, _HEAT_STOPS, channel) for channel in _HEAT_COLOURS.T], axis=-1)
