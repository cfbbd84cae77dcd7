"""How much colour a file has that a radiograph cannot have; measured before it becomes gray."""

import numpy as np
from PIL import Image

_LEVELS = 16
_SIDE_PX = 160
_CLEAR = 0.06  # of the full range: the smallest difference of two channels that counts as another colour


def measure_colour_share(picture: Image.Image | np.ndarray) -> float:
    """Return the share of pixels whose colour is not the one that pixels of their brightness have, in [0, 1].

    A film that is tinted, however strongly, has one colour for each brightness, and so a share of 0; coloured
    arrows and letters are a small share of the picture; a photograph has many colours at each brightness.

    Args:
        picture: a Pillow image of any mode, or ``(H, W, 3)`` RGB of any integer type.
    """
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(_to_bytes(picture))
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info or image.mode in ("PA", "La") else "RGB")
    image = image.resize((min(image.width, _SIDE_PX), min(image.height, _SIDE_PX)), Image.Resampling.BOX)
    channels = np.asarray(image, np.float32).reshape(-1, len(image.getbands())) / 255.0
    seen = channels[channels[:, 3] > 0.5] if channels.shape[1] == 4 else channels  # what is transparent has no colour
    if len(seen) == 0:
        return 0.0
    opponents = np.stack([seen[:, 0] - seen[:, 1], seen[:, 1] - seen[:, 2]], axis=1)
    level = np.minimum(seen[:, :3].mean(axis=1) * _LEVELS, _LEVELS - 1).astype(int)
    off = np.zeros(len(seen), bool)
    for each in np.unique(level):
        here = level == each
        off[here] = np.abs(opponents[here] - np.median(opponents[here], axis=0)).max(axis=1) > _CLEAR
    return float(off.mean())


def _to_bytes(pixels: np.ndarray) -> np.ndarray:
    """Return every so many pixels of a large picture, in 8 bits."""
    step = max(1, min(pixels.shape[:2]) // (2 * _SIDE_PX))
    few = pixels[::step, ::step]
    top = float(few.max()) if few.dtype != np.uint8 else 255.0
    return np.ascontiguousarray(np.rint(few * (255.0 / max(top, 1.0))).astype(np.uint8))
