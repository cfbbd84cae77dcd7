"""Files that are never half-written, and their hashes."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_UNFINISHED = ".partial"


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` holds the old content or the new, never a part.

    Survives ``kill -9`` and power loss: temporary file beside it, fsync, replace.
    """
    write_atomically_with(path, lambda temporary: temporary.write_bytes(data))


def write_atomically_with(path: Path, write: Callable[[Path], Any]) -> None:
    """Let ``write`` fill a temporary file, then put it in the place of ``path`` atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def drop_unfinished(directory: Path) -> None:
    """Remove the temporary files of a process that was killed while it wrote; nobody else may be writing there."""
    for path in directory.glob(f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def sync_directory(directory: Path) -> None:
    """Make a rename in ``directory`` durable; a directory cannot be synced on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as readable JSON, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, (text + "\n").encode("utf-8"))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
