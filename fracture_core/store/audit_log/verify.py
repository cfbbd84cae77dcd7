"""Walks the chain from the first entry to the last, and names the first that does not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from fracture_core.store.audit_log.anchor import Anchor, read_anchor
from fracture_core.store.audit_log.entries import BEGINNING, AuditEntry
from fracture_core.store.database import has_database, reading_session
from fracture_core.store.tables import AuditLogHeadRow, AuditLogRow

_BLOCK = 2000  # entries in memory at a time


@dataclass(frozen=True)
class AuditVerification:
    """What came of it.

    Attributes:
        count: entries that hold, from the first on.
        broken: number of the first entry that does not hold; None where all do.
        problem: what is wrong with it; empty where nothing is.
        head: where the log ends; write it down elsewhere to prove later that nothing before it was changed.
    """

    count: int
    broken: int | None
    problem: str
    head: Anchor

    @property
    def holds(self) -> bool:
        return self.broken is None


class _Head(NamedTuple):
    """The row that says where the log ends, as it stood when it was read; there should be one."""

    log_id: str
    number: int
    sha256: str


class _BrokenError(Exception):
    def __init__(self, number: int, problem: str) -> None:
        super().__init__(problem)
        self.number = number


def verify_audit_log(expected: Anchor | None = None) -> AuditVerification:
    """Check every entry against the one before, and the end against what is kept outside of the chain.

    Args:
        expected: an entry written down earlier, which must be there as it was.

    Raises:
        StoreError: the database cannot be read.
    """
    last = Anchor(0, BEGINNING)
    if not has_database():
        if expected and expected.number:
            return AuditVerification(0, 1, "There is no database, and so no log.", last)
        return AuditVerification(0, None, "", last)
    anchors = [expected] if expected else []
    try:
        # Before the walk begins: what is added meanwhile is not missed in it.
        anchors += _read_anchors()
        with reading_session() as session:
            head = _read_head(session)
            anchors += [Anchor(row.number, row.sha256) for row in head if row.number]
            furthest = max((anchor.number for anchor in anchors), default=0)
            for entry in _read_entries(session):
                _check(entry, last)
                last = Anchor(entry.number, entry.sha256)
                for anchor in anchors:
                    if anchor.number == entry.number and anchor.sha256 != entry.sha256:
                        raise _BrokenError(entry.number, "It is not the entry that was there when it was anchored.")
            if furthest > last.number:
                raise _BrokenError(
                    last.number + 1, f"The log ended at entry {furthest} before; the last ones are gone."
                )
            _check_head(_read_head(session) if len(head) == 1 else head, last)
    except _BrokenError as error:
        return AuditVerification(last.number, error.number, str(error), last)
    return AuditVerification(last.number, None, "", last)


def _read_head(session: Session) -> Sequence[_Head]:
    row = AuditLogHeadRow
    return [_Head(*found) for found in session.execute(select(row.log_id, row.number, row.sha256))]


def _read_entries(session: Session) -> Iterator[AuditEntry]:
    rows = session.execute(
        select(AuditLogRow.__table__).order_by(AuditLogRow.number).execution_options(yield_per=_BLOCK)
    )
    for row in rows:
        yield AuditEntry(**row._mapping)


def _check(entry: AuditEntry, last: Anchor) -> None:
    if entry.number != last.number + 1:
        raise _BrokenError(last.number + 1, f"It is missing: entry {last.number} is followed by {entry.number}.")
    if entry.previous_sha256 != last.sha256:
        raise _BrokenError(entry.number, "It does not follow from the entry before.")
    if entry.sha256 != entry.compute_sha256():
        raise _BrokenError(entry.number, "Its content was changed after it was written.")


def _read_anchors() -> list[Anchor]:
    with reading_session() as session:
        head = _read_head(session)
    if len(head) != 1:
        return []
    try:
        anchor = read_anchor(head[0].log_id)
    except ValueError as error:
        raise _BrokenError(1, f"The anchor beside the database is damaged ({error}).") from error
    return [anchor] if anchor else []


def _check_head(head: Sequence[_Head], last: Anchor) -> None:
    """Check the end as it is after the walk; meanwhile it may have moved on, as PostgreSQL shows."""
    if len(head) != 1:
        raise _BrokenError(last.number + 1, "The row that says where the log ends is missing.")
    if head[0].number < last.number:
        raise _BrokenError(head[0].number + 1, "It was put in: the log says that it ended before it.")
