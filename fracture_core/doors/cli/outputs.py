"""Files that a command is asked to write. Apart: every command that writes a file writes it whole."""

import sys
from collections.abc import Callable
from pathlib import Path

from fracture_core.base import ReportError, write_atomically_with


def write_output(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        ReportError: the disk or the folder does not allow it.
    """
    write_output_with(path, lambda temporary: temporary.write_bytes(data))


def write_output_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file that then takes its place, whole or not at all; errors as of ``write_output``."""
    try:
        write_atomically_with(path, write)
    except OSError as error:
        reason = (error.strerror or "the disk reports an error").lower()
        raise ReportError(
            f"'{path.name}' cannot be written: {reason}.", "Choose another folder, or make room."
        ) from error


def warn_of_lost(notice: str) -> None:
    """Say on stderr that readings are not kept in the history; nothing where ``notice`` is empty."""
    if notice:
        print(f"warning: {notice}", file=sys.stderr)
