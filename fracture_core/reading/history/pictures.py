"""The pixels of what was read, kept without the file's header; only where the setting ``keep_pictures`` is on."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from fracture_core.base import Settings, get_settings, write_atomically
from fracture_core.radiographs import Radiograph

_ID = re.compile(r"[0-9a-f]{32}")
_WHITE = 65535.0
_QUICK = 1  # zlib's level: a reading should not wait for the last percent


def keep_picture(record_id: str, radiograph: Radiograph) -> None:
    """Keep a picture as it was read, as a 16-bit gray PNG, if the settings allow it; before its row is written.

    Raises:
        OSError: the disk refuses.
    """
    if not get_settings().keep_pictures:
        return
    buffer = io.BytesIO()
    pixels = np.rint(np.clip(radiograph.pixels, 0.0, 1.0) * _WHITE).astype(np.uint16)
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=_QUICK)
    write_atomically(_find_path(record_id), buffer.getvalue())


def find_picture(record_id: str) -> Path | None:
    """Return where a reading's picture lies; None where it is not kept."""
    path = _find_path(record_id) if _ID.fullmatch(record_id) else None
    return path if path and path.is_file() else None


def remove_picture(record_id: str) -> None:
    """Remove a reading's picture, if there is one.

    Raises:
        OSError: the disk refuses.
    """
    if _ID.fullmatch(record_id):
        _find_path(record_id).unlink(missing_ok=True)


def list_pictures(settings: Settings | None = None) -> Iterator[tuple[str, Path]]:
    """Yield the reading's id and the path of every picture that is kept."""
    for path in find_root(settings).glob("??/*.png"):
        if _ID.fullmatch(path.stem):
            yield path.stem, path


def _find_path(record_id: str) -> Path:
    return find_root() / record_id[:2] / f"{record_id}.png"


def find_root(settings: Settings | None = None) -> Path:
    """Return the folder of all kept pictures; it need not be there."""
    return (settings or get_settings()).state_dir / "readings"
