"""Drawn phantoms: for examples, tests and machines without a data set. Of no clinical value."""

from fracture_core.datasets.phantoms.dataset import ensure_phantom_dataset
from fracture_core.datasets.phantoms.drawing import REGIONS, Phantom, draw_phantom

__all__ = ["REGIONS", "Phantom", "draw_phantom", "ensure_phantom_dataset"]
