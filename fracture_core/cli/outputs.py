"""Files that a command is asked to write."""

from pathlib import Path

from fracture_core.errors import ReportError
from fracture_core.files import write_atomically


def write_output(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        ReportError: the disk or the folder does not allow it.
    """
    try:
        write_atomically(path, data)
    except OSError as error:
        reason = (error.strerror or "the disk reports an error").lower()
        raise ReportError(
            f"'{path.name}' cannot be written: {reason}.", "Choose another folder, or make room."
        ) from error
