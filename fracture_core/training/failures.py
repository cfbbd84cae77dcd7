"""What went wrong in a training, told as something a person can act on."""

from pathlib import Path

import torch

from fracture_core.base import FractureError, TrainingError
from fracture_core.training.recipes import resolve_recipe
from fracture_core.training.runs.run import TrainingRequest
from fracture_core.training.space import build_full_error, is_full_disk

_CPU_MEMORY = ("can't allocate memory", "not enough memory", "Cannot allocate memory", "bad_alloc")
_PEER_GONE = ("Connection closed by peer", "Connection reset by peer", "Broken pipe", "NCCL error", "Socket Timeout")


def explain_failure(error: Exception, folder: Path, request: TrainingRequest) -> FractureError | None:
    """Return the error to show in the place of one that libraries raised; None for one that nobody expected.

    Args:
        folder: the run's.
        request: what was asked for.
    """
    if isinstance(error, FractureError):
        return error
    if is_full_disk(error):
        return build_full_error(folder)
    text = str(error)
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or any(words in text for words in _CPU_MEMORY):
        recipe = resolve_recipe(request)
        return TrainingError(
            f"There was not enough memory for batches of {recipe.batch_size} at {recipe.input_size_px} px.",
            f"Start again with batches of {max(2, recipe.batch_size // 2)}, or with a smaller input size.",
        )
    if isinstance(error, RuntimeError) and any(words in text for words in _PEER_GONE):
        return TrainingError(
            "Another process of this training has gone; the log may say why.",
            "Resume: it goes on from the last saved step.",
        )
    return None
