"""What the viewer shows of one file: pixels, heatmap, marked fractures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fracture_core.data.items import Box
from ui.viewer.pixels import SentPixels, encode_gray_png

if TYPE_CHECKING:  # resources keeps pixels, so it cannot be imported here
    from ui.resources import OpenedFile


@dataclass(frozen=True, eq=False)
class ViewerPicture:
    """One picture for `show_viewer`.

    Attributes:
        name: as a person knows the file.
        pixels: at full depth.
        heat_png: 8-bit PNG of the heatmap over the whole picture, 255 is the strongest evidence; empty for none.
        boxes: marked fractures, in px of the file.
    """

    name: str
    pixels: SentPixels
    heat_png: bytes = b""
    boxes: tuple[Box, ...] = ()


def build_picture(name: str, opened: "OpenedFile", boxes: tuple[Box, ...] = ()) -> ViewerPicture:
    """Return a file as the viewer shows it.

    Args:
        name: as a person knows the file.
        opened: the file, read; its pixels are encoded at the first call.
        boxes: marked fractures, in px of the file.
    """
    return ViewerPicture(name, opened.pixels.encode(), opened.heat_png, boxes)


def encode_heatmap(heatmap: np.ndarray) -> bytes:
    """Return a PNG of ``(H, W)`` float32 in [0, 1], a few KB: heat is smooth; empty where there is none."""
    return encode_gray_png(np.rint(heatmap * 255).astype(np.uint8)) if heatmap.size else b""
