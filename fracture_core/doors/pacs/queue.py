"""What came by DICOM and how far it is, as rows. Nothing of a patient is in them."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from fracture_core.base import PacsError, get_settings
from fracture_core.doors.pacs import spool
from fracture_core.store import (
    PacsObjectRow,
    PacsObjectStatus,
    append_audit_entry,
    has_database,
    reading_session,
    writing_session,
)

_OPEN = ("received", "read")
_DONE = ("sent", "left out")  # their files go at once
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 900.0


@dataclass(frozen=True)
class QueuedObject:
    """One object.

    Attributes:
        id: tells it from all others; no DICOM UID.
        peer: title of the application entity that sent it.
        reason: why it waits or failed.
        tries: of the step that it stands before.
        reading_id: of its reading; empty while there is none.
    """

    id: str
    received_at: datetime
    updated_at: datetime
    next_try_at: datetime
    peer: str
    status: PacsObjectStatus
    reason: str
    tries: int
    reading_id: str


def adopt() -> None:
    """Make rows of the files that have none, or that came once more."""
    here = spool.list_received()
    known = _read_known(list(here))
    for object_id, (at, status) in known.items():
        if status in _DONE and at == here[object_id]:  # its process was killed before it removed them
            spool.remove(object_id)
    coming = {object_id: at for object_id, at in here.items() if known.get(object_id, (None,))[0] != at}
    if not coming:
        return
    now = datetime.now(UTC)
    with writing_session() as session:
        for object_id, at in coming.items():
            row = session.get(PacsObjectRow, object_id)
            if row is not None and row.status in _OPEN:  # its sender had no answer, and sent it again
                row.received_at = at
                continue
            if row is None:
                row = PacsObjectRow(id=object_id, reading_id="", peer=spool.read_peer(object_id)[:16])
                session.add(row)
            row.status, row.reason, row.tries, row.received_at = "received", "", 0, at
            row.updated_at = row.next_try_at = now


def _read_known(ids: list[str]) -> dict[str, tuple[datetime, str]]:
    row = PacsObjectRow
    known: dict[str, tuple[datetime, str]] = {}
    with reading_session() as session:
        for start in range(0, len(ids), 500):
            wanted = select(row.id, row.received_at, row.status).where(row.id.in_(ids[start : start + 500]))
            known |= {object_id: (at, status) for object_id, at, status in session.execute(wanted)}
    return known


def take_next(*, deliver: bool = True) -> QueuedObject | None:
    """Return what is due and lies in this spool; its try is counted before it is made.

    Another machine on the same database has objects of its own, whose files are there.

    Args:
        deliver: also results that wait to be delivered.
    """
    now, row = datetime.now(UTC), PacsObjectRow
    statuses = _OPEN if deliver else ("received",)
    due = select(row.id).where(row.status.in_(statuses), row.next_try_at <= now)
    wanted = due.order_by(row.status != "read", row.next_try_at)  # a result waits for no further reading
    with reading_session() as session:
        object_id = next((each for each in session.scalars(wanted) if spool.has_received(each)), None)
    if object_id is None:
        return None
    with writing_session() as session:
        found = session.get_one(PacsObjectRow, object_id)
        found.tries += 1
        found.updated_at, found.next_try_at = now, now + _wait(found.tries)
        return _build(found)


def mark(object_id: str, status: PacsObjectStatus, reason: str = "", reading_id: str | None = None) -> None:
    """Write how far an object is; what is sent or left out loses its files."""
    now = datetime.now(UTC)
    with writing_session() as session:
        row = session.get(PacsObjectRow, object_id)
        if row is None:
            return
        row.tries = row.tries if row.status == status else 0
        row.next_try_at = row.next_try_at if row.status == status else now
        row.status, row.reason, row.updated_at = status, reason, now
        row.reading_id = row.reading_id if reading_id is None else reading_id
    if status in _DONE:
        spool.remove(object_id)


def mark_sent(object_id: str, destination: str) -> None:
    """Write that the results are delivered, with the audit log's entry, and remove the files."""
    with writing_session() as session:
        row = session.get(PacsObjectRow, object_id)
        if row is not None:
            row.status, row.reason, row.updated_at = "sent", "", datetime.now(UTC)
            append_audit_entry(
                session, "push", row.reading_id, who=row.peer, to=destination, objects=2, by="DICOM service"
            )
    spool.remove(object_id)


def expire() -> None:
    """Give up what could not be delivered, and remove the files of what failed, once they are too old.

    What nobody tried yet, as after a long time without a service, is not given up.
    """
    now, row = datetime.now(UTC), PacsObjectRow
    too_old = now - timedelta(days=get_settings().worklist_days)
    is_over = row.status.in_(_OPEN), row.received_at < too_old, row.tries > 0
    with writing_session() as session:
        session.execute(update(row).where(*is_over).values(status="failed", updated_at=now))
    old = [object_id for object_id, at in spool.list_received().items() if at < too_old]
    for object_id, (_, status) in _read_known(old).items():
        if status not in _OPEN:
            spool.remove(object_id)


def list_objects(limit: int = 100) -> list[QueuedObject]:
    """Return the latest objects, the last one first.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return []
    row = PacsObjectRow
    with reading_session() as session:
        return [_build(each) for each in session.scalars(select(row).order_by(row.received_at.desc()).limit(limit))]


def count_objects() -> dict[str, int]:
    """Return how many objects there are by status; errors as of ``list_objects``."""
    if not has_database():
        return {}
    with reading_session() as session:
        counted = session.execute(select(PacsObjectRow.status, func.count()).group_by(PacsObjectRow.status))
        return {row.status: row[1] for row in counted}


def find_object(object_id: str) -> QueuedObject:
    """Return one object.

    Raises:
        PacsError: there is none of that id, or of that beginning of one.
    """
    if has_database() and object_id.isalnum():
        row = PacsObjectRow
        with reading_session() as session:
            found = session.scalars(select(row).where(row.id.startswith(object_id)).limit(2)).all()
            if len(found) == 1:
                return _build(found[0])
    raise PacsError("There is no such object.", "List them: python -m fracture_core pacs status")


def retry(object_id: str) -> None:
    """Let an object be tried again at once.

    Raises:
        PacsError: it is delivered, or its file is not here any more.
    """
    found = find_object(object_id)
    if not spool.has_received(found.id):
        raise PacsError("The file of this object is not here any more.", "Send it again.")
    status = "read" if found.status == "read" else "received"
    with writing_session() as session:
        session.execute(
            update(PacsObjectRow)
            .where(PacsObjectRow.id == found.id)
            .values(status=status, reason="", tries=0, next_try_at=datetime.now(UTC), updated_at=datetime.now(UTC))
        )


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(_FIRST_WAIT_S * 2 ** min(tries - 1, 20), _LONGEST_WAIT_S))


def _build(row: PacsObjectRow) -> QueuedObject:
    return QueuedObject(**{field.name: getattr(row, field.name) for field in fields(QueuedObject)})
