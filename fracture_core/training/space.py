"""Room on the run's disk: asked for before a checkpoint is written, and a little kept for the end."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

from torch import Tensor

from fracture_core.base import TrainingError
from fracture_core.datasets import format_bytes

MARGIN_BYTES = 64 * 1024**2
BALLAST_BYTES = 1024**2
_BALLAST_NAME = ".ballast"
# What torch says when a file it writes comes out too short; it does not pass on the system's word.
_TORCH_FULL = ("PytorchStreamWriter", "inline_container", "iostream error", "No space left")


def check_space(folder: Path, needed_bytes: int) -> None:
    """Make sure that a file of this size can be written.

    Raises:
        TrainingError: it cannot; says what to free.
    """
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + MARGIN_BYTES:
        raise build_full_error(folder, needed_bytes + MARGIN_BYTES - free_bytes)


def build_full_error(folder: Path, missing_bytes: int = MARGIN_BYTES) -> TrainingError:
    """Return what to tell where the disk of a folder is full."""
    return TrainingError(
        f"The disk is nearly full: the training in {folder} cannot be saved.",
        f"Free at least {format_bytes(missing_bytes)} there (old runs, caches), then resume: "
        "it goes on from its last saved step.",
    )


def is_full_disk(error: BaseException) -> bool:
    """Return whether an error, or what it came from, says that the disk is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if isinstance(error, RuntimeError) and any(words in str(error) for words in _TORCH_FULL):
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and is_full_disk(cause)


def measure_bytes(value: Any) -> int:
    """Return the size of all tensors in nested dictionaries, lists and tuples."""
    if isinstance(value, Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, dict):
        return sum(measure_bytes(part) for part in value.values())
    return sum(measure_bytes(part) for part in value) if isinstance(value, (list, tuple)) else 0


def put_ballast(folder: Path) -> None:
    """Keep a little room on the disk, so that the database beside it can take the news that the disk is full."""
    with (folder / _BALLAST_NAME).open("wb") as stream:
        stream.write(os.urandom(BALLAST_BYTES))  # zeros would take no room on some disks
        stream.flush()
        os.fsync(stream.fileno())


def drop_ballast(folder: Path) -> None:
    """Give that room back."""
    (folder / _BALLAST_NAME).unlink(missing_ok=True)
