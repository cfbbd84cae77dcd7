"""The entries of the log, the newest first."""

import json
from typing import Any

from sqlalchemy import select

from fracture_core.store.audit_log.entries import AuditEntry
from fracture_core.store.database import has_database, reading_session
from fracture_core.store.tables import AuditLogRow

_LAST = 2**62  # a number that databases take


def list_audit_entries(*, action: str = "", before: int | None = None, limit: int = 50) -> list[AuditEntry]:
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
    query = select(AuditLogRow.__table__).order_by(AuditLogRow.number.desc()).limit(min(max(0, limit), _LAST))
    if action:
        query = query.where(AuditLogRow.action == action.replace("\0", ""))
    if before is not None:
        query = query.where(AuditLogRow.number < max(min(before, _LAST), 0))
    with reading_session() as session:
        return [AuditEntry(**row._mapping) for row in session.execute(query)]


def parse_entry_details(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry's details as people may see them: of a refused picture no reading is told, here as elsewhere.

    Details that somebody made unreadable come back as they are, under ``unreadable``: ``verify`` names the entry.
    """
    try:
        details = json.loads(entry.details)
    except ValueError:
        return {"unreadable": entry.details}
    if not isinstance(details, dict):
        return {"unreadable": entry.details}
    if entry.action == "reading" and details.get("refusals"):
        return {name: value for name, value in details.items() if name not in ("call", "p_fracture")}
    return details
