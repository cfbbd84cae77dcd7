"""Room on the disk, folders that are whole or not there, names that are the system's own, and what the disk refuses."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fracture_core.base import DatasetError, sync_directory

SPARE_BYTES = 256 * 1024**2  # left free for the rest of the machine


def check_free_space(folder: Path, needed_bytes: int, what: str) -> None:
    """Make sure that ``needed_bytes`` more fit on the disk of a folder, which need not be there yet.

    Raises:
        DatasetError: they do not; gives what is needed and what is free.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    free_bytes = shutil.disk_usage(there).free
    if needed_bytes + SPARE_BYTES > free_bytes:
        raise DatasetError(
            f"{what} needs {format_bytes(needed_bytes + SPARE_BYTES)} in {folder}, "
            f"but the disk has {format_bytes(free_bytes)} free.",
            "Free some space, or choose a folder on another disk.",
        )


@contextmanager
def new_folder(directory: Path) -> Iterator[Path]:
    """Lend an empty folder beside ``directory`` that takes its place at the end, or goes if anything fails.

    Hold a lock of the caller's own: what a killed process left of an earlier try is removed.

    Raises:
        DatasetError: the disk is full or refuses.
    """
    partial = directory.with_name(f".{directory.name}.partial")
    try:
        with telling_disk_errors(directory):
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            yield partial
            shutil.rmtree(directory, ignore_errors=True)
            partial.replace(directory)
            sync_directory(directory.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def telling_disk_errors(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside of the block into an error that says what the disk said.

    Args:
        folder: named where the system's error names no file.

    Raises:
        DatasetError: the disk is full or refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DatasetError(f"The disk of {folder} is full.", "Free some space, and do it again.") from error
        problem = f"{error.filename or folder} cannot be written ({error.strerror or error})."
        raise DatasetError(problem, "Choose a folder that can be written.") from error


def format_bytes(size_bytes: float) -> str:
    """Return a size for people, such as ``1.4 GB`` (powers of 1000)."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}" if unit == "bytes" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"


def is_hidden_name(name: str) -> bool:
    """Tell whether a folder is an operating system's own rather than a person's."""
    return name.startswith(".") or name == "__MACOSX"
