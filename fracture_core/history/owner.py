"""Of which database the kept pictures are: a server that is pointed at another one must not take them for left over."""

from sqlalchemy import select

from fracture_core.files import write_atomically
from fracture_core.history.pictures import find_root
from fracture_core.settings import Settings, get_settings
from fracture_core.store.database import reading
from fracture_core.store.tables import AuditLogHeadRow

_OWNER = "database.txt"  # beside the pictures


def claim_pictures(settings: Settings | None = None) -> None:
    """Write down that pictures from now on are of this database, unless they are of one already.

    Raises:
        StoreError: the database cannot be used.
        OSError: the disk refuses.
    """
    path = find_root(settings) / _OWNER
    if not path.is_file():
        write_atomically(path, _read_id(settings).encode("utf-8"))


def owns_pictures(settings: Settings | None = None) -> bool:
    """Return whether the pictures are of this database; errors as of ``claim_pictures``."""
    try:
        return (find_root(settings) / _OWNER).read_text("utf-8").strip() == _read_id(settings)
    except FileNotFoundError:
        return False


def _read_id(settings: Settings | None) -> str:
    with reading(settings or get_settings()) as session:
        return session.scalar(select(AuditLogHeadRow.log_id)) or ""
