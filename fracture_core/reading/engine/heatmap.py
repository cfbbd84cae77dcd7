"""From a class activation map to a heatmap on the radiograph. Apart: localisation is measured on the same map."""

import numpy as np
from PIL import Image

from fracture_core.networks import fit_letterbox_frame

HEATMAP_SIDE_PX = 448


def build_heatmap(activation_map: np.ndarray, width_px: int, height_px: int, full_scale: float) -> np.ndarray:
    """Return the evidence for fracture over the radiograph's own frame.

    The scale is the checkpoint's and not the picture's: a faint map stays faint
    instead of being stretched until every radiograph shows a red spot.

    Args:
        activation_map: ``(h, w)`` logits over the letterboxed square; their mean
            is the logit margin.
        width_px, height_px: of the radiograph.
        full_scale: logits at which the heatmap is full.

    Returns:
        ``(H', W')`` float32 in [0, 1] of the radiograph's aspect, longer side
        ``HEATMAP_SIDE_PX``; the letterbox's bars are cut away.
    """
    return np.clip(spread_map(activation_map, width_px, height_px) / full_scale, 0.0, 1.0).astype(np.float32)


def spread_map(activation_map: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    """Return the map over the radiograph's own frame: ``(H', W')`` float32, still in logits and not clipped."""
    side = HEATMAP_SIDE_PX
    image = Image.fromarray(np.ascontiguousarray(activation_map, dtype=np.float32))
    square = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    frame = fit_letterbox_frame(width_px, height_px, side)
    return square[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
