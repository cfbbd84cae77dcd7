"""The training radiographs that look most like one to a network, with their labels."""

from fracture_core.failures.neighbours.build import build_index
from fracture_core.failures.neighbours.index import find_folder, has_index
from fracture_core.failures.neighbours.nearest import Nearest, Neighbour, find_nearest

__all__ = ["Nearest", "Neighbour", "build_index", "find_folder", "find_nearest", "has_index"]
