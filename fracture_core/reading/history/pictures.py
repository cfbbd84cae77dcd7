"""The pixels of what was read, kept without the file's header; only where the setting ``keep_pictures`` is on."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import select

from fracture_core.base import Settings, get_settings, write_atomically
from fracture_core.radiographs import Radiograph
from fracture_core.store import AuditLogHeadRow, reading_session

_OWNER = "database.txt"  # beside the pictures: of which database they are
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
    for path in find_pictures_root(settings).glob("??/*.png"):
        if _ID.fullmatch(path.stem):
            yield path.stem, path


def _find_path(record_id: str) -> Path:
    return find_pictures_root() / record_id[:2] / f"{record_id}.png"


def find_pictures_root(settings: Settings | None = None) -> Path:
    """Return the folder of all kept pictures; it need not be there."""
    return (settings or get_settings()).state_dir / "readings"


def claim_pictures(settings: Settings | None = None) -> None:
    """Write down that pictures from now on are of this database too.

    Raises:
        StoreError: the database cannot be used.
        OSError: the disk refuses.
    """
    own, owners = _read_id(settings), _read_owners(settings)
    if own not in owners:
        write_atomically(find_pictures_root(settings) / _OWNER, "\n".join([*owners, own]).encode("utf-8"))


def owns_pictures(settings: Settings | None = None) -> bool:
    """Return whether the pictures are of this database, and of no other; errors as of ``claim_pictures``."""
    return _read_owners(settings) == [_read_id(settings)]


def _read_owners(settings: Settings | None) -> list[str]:
    try:
        return (find_pictures_root(settings) / _OWNER).read_text("utf-8").split()
    except FileNotFoundError:
        return []


def _read_id(settings: Settings | None) -> str:
    with reading_session(settings or get_settings()) as session:
        return session.scalar(select(AuditLogHeadRow.log_id)) or ""
