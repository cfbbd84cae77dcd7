"""The entries of the log, the newest first."""

from sqlalchemy import select

from fracture_core.audit_log.entries import Entry
from fracture_core.store.database import has_database, reading
from fracture_core.store.tables import AuditLogRow


def list_entries(*, action: str = "", before: int | None = None, limit: int = 50) -> list[Entry]:
    """Return entries, the newest first.

    Args:
        action: only those of this one; empty for all.
        before: only those with a smaller number: the last one of the page before.
        limit: how many at most.

    Raises:
        StoreError: the database cannot be read.
    """
    if not has_database():
        return []
    query = select(AuditLogRow.__table__).order_by(AuditLogRow.number.desc()).limit(max(0, limit))
    if action:
        query = query.where(AuditLogRow.action == action.replace("\0", ""))
    if before is not None:
        query = query.where(AuditLogRow.number < before)
    with reading() as session:
        return [Entry(**row._mapping) for row in session.execute(query)]
