"""The model in use, as the gate sees it. Apart: pages, gate and training ask who is in use in the same way."""

from fracture_core.base import CheckpointError
from fracture_core.networks import Checkpoint, find_checkpoint, find_served_name


def find_champion() -> Checkpoint | None:
    """Return the model in use, or None where it is not on this machine or damaged: nothing can be compared with it."""
    try:
        return find_checkpoint()
    except CheckpointError:
        return None


def explain_no_champion() -> str:
    """Return why ``find_champion`` gave none, in a sentence."""
    try:
        find_checkpoint()
    except CheckpointError as error:
        return error.problem
    return f"'{find_served_name()}' was not taken for this comparison."
