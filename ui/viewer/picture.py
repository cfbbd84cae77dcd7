"""What the viewer shows of one file: pixels, heatmap, marked fractures."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np

from fracture_core.datasets import Box
from ui.viewer.pixels import KeptPixels, SentPixels, pack_values


@dataclass(frozen=True, eq=False)
class SentHeat:
    """A heatmap as the browser gets it: 8 bits, 255 is the strongest evidence; see `pack_values`."""

    packed: bytes
    width_px: int
    height_px: int
    sha256: str


class Viewable(Protocol):
    """What the viewer needs of a file that is read."""

    @property
    def pixels(self) -> KeptPixels: ...

    @property
    def heat(self) -> SentHeat | None: ...


@dataclass(frozen=True, eq=False)
class ViewerPicture:
    """One picture for `show_viewer`.

    Attributes:
        name: as a person knows the file.
        pixels: at full depth.
        heat: the heatmap over the whole picture; None for none.
        boxes: marked fractures, in px of the file.
    """

    name: str
    pixels: SentPixels
    heat: SentHeat | None = None
    boxes: tuple[Box, ...] = ()


def build_picture(name: str, opened: Viewable, boxes: tuple[Box, ...] = ()) -> ViewerPicture:
    """Return a file as the viewer shows it.

    Args:
        name: as a person knows the file.
        opened: the file, read; its pixels are encoded at the first call.
        boxes: marked fractures, in px of the file.
    """
    return ViewerPicture(name, opened.pixels.encode(), opened.heat, boxes)


def pack_heatmap(heatmap: np.ndarray) -> SentHeat | None:
    """Return ``(H, W)`` float32 in [0, 1] as it is sent, a few KB: heat is smooth; None where there is no map."""
    if not heatmap.size:
        return None
    packed = pack_values(np.rint(heatmap * 255).astype(np.uint8))
    return SentHeat(packed, heatmap.shape[1], heatmap.shape[0], sha256(packed).hexdigest())
