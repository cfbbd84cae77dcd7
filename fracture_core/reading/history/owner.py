"""Of which database the kept pictures are: a server that is pointed at another one must not take them for left over."""

from sqlalchemy import select

from fracture_core.base import Settings, get_settings, write_atomically
from fracture_core.reading.history.pictures import find_root
from fracture_core.store import AuditLogHeadRow, reading_session

_OWNER = "database.txt"  # beside the pictures


def claim_pictures(settings: Settings | None = None) -> None:
    """Write down that pictures from now on are of this database too.

    Raises:
        StoreError: the database cannot be used.
        OSError: the disk refuses.
    """
    own, owners = _read_id(settings), _read_owners(settings)
    if own not in owners:
        write_atomically(find_root(settings) / _OWNER, "\n".join([*owners, own]).encode("utf-8"))


def owns_pictures(settings: Settings | None = None) -> bool:
    """Return whether the pictures are of this database, and of no other; errors as of ``claim_pictures``."""
    return _read_owners(settings) == [_read_id(settings)]


def _read_owners(settings: Settings | None) -> list[str]:
    try:
        return (find_root(settings) / _OWNER).read_text("utf-8").split()
    except FileNotFoundError:
        return []


def _read_id(settings: Settings | None) -> str:
    with reading_session(settings or get_settings()) as session:
        return session.scalar(select(AuditLogHeadRow.log_id)) or ""
