"""Zips handed in through the page, kept whole or not at all, each once."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from fracture_core.base import CountProgress, DatasetError, Settings, get_settings
from fracture_core.datasets.archives.disk import check_free_space, telling_disk_errors
from fracture_core.datasets.archives.zips import is_zip_name
from fracture_core.datasets.sources import open_dataset

_CHUNK_BYTES = 1024**2
_LONGEST_STEM = 60


def keep_uploaded_zip(
    stream: BinaryIO, name: str, settings: Settings | None = None, progress: CountProgress | None = None
) -> Path:
    """Keep a zip in ``STATE_DIR/uploads`` if it holds a data set; return its path, by which it is one.

    It is copied piece by piece and named by its content, so that handing in the same zip twice keeps it once.

    Args:
        stream: the zip's bytes, from wherever the stream stands.
        name: what its owner called the file.
        progress: called with bytes done and in all while it is unpacked.

    Raises:
        DatasetError: it is no zip, is damaged or unsafe, holds no data set, or the disk has no room.
    """
    settings = settings or get_settings()
    if not is_zip_name(Path(name)):
        raise DatasetError(f"{name} is no zip.", "Pack the data set's folder into a zip.")
    path, is_new = _store(stream, name, settings.state_dir / "uploads")
    try:
        open_dataset(str(path), settings, progress)
    except DatasetError as error:
        if is_new:  # else somebody handed it in before, and a run may need it
            path.unlink(missing_ok=True)
        raise DatasetError(error.problem.replace(str(path), name).replace(path.name, name), error.remedy) from error
    return path


def _store(stream: BinaryIO, name: str, folder: Path) -> tuple[Path, bool]:
    """Return where the zip is, and whether it was not there before."""
    check_free_space(folder, _measure(stream), f"Keeping {name}")
    with telling_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle, partial = tempfile.mkstemp(dir=folder, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as copy:
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            path = folder / f"{digest.hexdigest()[:12]}-{_make_safe(name)}.zip"
            is_new = not path.exists()
            Path(partial).replace(path)
        finally:
            Path(partial).unlink(missing_ok=True)
    return path, is_new


def _measure(stream: BinaryIO) -> int:
    """Return how many bytes are to come."""
    here = stream.tell()
    size_bytes = stream.seek(0, os.SEEK_END) - here
    stream.seek(here)
    return size_bytes


def _make_safe(name: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(name.replace("\\", "/")).stem).strip("._-")
    return stem[:_LONGEST_STEM] or "dataset"
