"""Taking readings out of the history: those whose time is over, or one; feedback and kept pictures go with them.

Rows go first, with their entry in the audit log, then the pictures: a process that is killed between the two leaves
pictures without a row, and ``sweep_pictures`` removes these.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, select

from fracture_core.base import HistoryError, Settings, get_settings, log_incident
from fracture_core.datasets import REVIEWED_DATASET
from fracture_core.failures import changing_reviewed_set, name_reviewed_reading
from fracture_core.reading import find_pictures_root, find_present, list_pictures, owns_pictures, remove_picture
from fracture_core.store import ReadingRow, append_audit_entry, has_database, writing_session

T = TypeVar("T")
LONGEST_WHY = 1000
_BLOCK = 500  # rows of one transaction: nobody waits long for it
_NEW_S = 3600.0  # a picture without a row may be of a reading that is just being kept


def remove_old_readings(
    now: datetime | None = None, *, settings: Settings | None = None, at_most: int | None = None
) -> int:
    """Remove readings older than ``history_days`` with all that belongs to them; return how many.

    Args:
        now: with a time zone; the present by default.
        at_most: about so many; the next call goes on.

    Raises:
        StoreError: the database cannot be used.
    """
    settings = settings or get_settings()
    if not settings.history_days or not has_database(settings):
        return 0
    oldest = (now or datetime.now(UTC)) - timedelta(days=settings.history_days)
    removed = 0
    while (at_most is None or removed < at_most) and (ids := _remove_block(oldest, settings)):
        _remove_pictures(ids)
        removed += len(ids)
    return removed


def delete_reading(reading_id: str, who: str, why: str) -> None:
    """Delete one reading with all that belongs to it; who did and why stays in the audit log.

    Its picture goes out of the data set ``reviewed`` too, unless another reading of the file is still there.

    Raises:
        HistoryError: no name or reason is given, or there is no such reading.
        StoreError: the database cannot be used; nothing was deleted.
        DatasetError: the data set ``reviewed`` cannot be changed; nothing was deleted.
    """
    who, why = who.strip()[:120], why.strip()
    if not who or not why or len(why) > LONGEST_WHY:
        raise HistoryError(
            "Say who you are, and why the reading should be deleted.",
            f"Both stay in the audit log; the reason has at most {LONGEST_WHY:,} letters.",
        )
    wanted = select(ReadingRow).where(ReadingRow.id == reading_id.replace("\0", "")).with_for_update()
    # One at a time with handing over, which looks whether the reading is there while it holds the same lock.
    with changing_reviewed_set() as reviewed, writing_session() as session:
        row = session.scalars(wanted).one_or_none()
        if row is None:
            raise HistoryError("There is no such reading.", "It may have been deleted already.")
        sha256, frame = row.sha256, row.frame
        session.delete(row)
        session.flush()
        same = select(ReadingRow.id).where(ReadingRow.sha256 == sha256, ReadingRow.frame == frame).limit(1)
        leaves_set = session.scalar(same) is None and reviewed.take_out(name_reviewed_reading(sha256, frame))
        append_audit_entry(session, "deletion", reading_id, who=who, what="reading", why=why)
        if leaves_set:
            append_audit_entry(session, "hand-back", REVIEWED_DATASET, who=who, readings=[reading_id])
            reviewed.save()  # before the row goes: who is killed between the two can delete it again
    _remove_pictures([reading_id])


def sweep_pictures(settings: Settings | None = None) -> int:
    """Remove pictures whose reading is not there, and what a killed process left half written; return how many.

    Pictures that belong to another database than the settings name are left alone.

    Raises:
        StoreError: the database cannot be used.
    """
    settings = settings or get_settings()
    if not has_database(settings) or not owns_pictures(settings):
        return 0
    removed = 0
    old = ((reading_id, path) for reading_id, path in list_pictures(settings) if _is_old(path))
    for block in _cut(old, _BLOCK):
        present = find_present([reading_id for reading_id, _ in block])
        gone = [reading_id for reading_id, _ in block if reading_id not in present]
        _remove_pictures(gone)
        removed += len(gone)
    for path in find_pictures_root(settings).glob("??/.*.partial"):
        if _is_old(path):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def clean_quietly() -> None:
    """Do all of this module's tidying at the start of a server; what goes wrong is in the log, and stops nothing."""
    try:
        remove_old_readings()
        sweep_pictures()
    except Exception as error:  # noqa: BLE001 - a server should start all the same
        log_incident(error, "removing readings whose time is over")


def _remove_block(oldest: datetime, settings: Settings) -> list[str]:
    row = ReadingRow
    with writing_session(settings) as session:
        found = session.execute(
            select(row.number, row.id, row.at).where(row.at < oldest).order_by(row.at).limit(_BLOCK).with_for_update()
        ).all()
        if found:
            session.execute(delete(row).where(row.number.in_([each.number for each in found])))
            append_audit_entry(
                session,
                "retention",
                f"{len(found)} readings",
                count=len(found),
                days=settings.history_days,
                first_id=found[0].id,
                first_at=found[0].at.isoformat(),
                last_id=found[-1].id,
                last_at=found[-1].at.isoformat(),
            )
        return [each.id for each in found]


def _remove_pictures(ids: Iterable[str]) -> None:
    for reading_id in ids:
        try:
            remove_picture(reading_id)
        except OSError as error:  # the next sweep tries again
            log_incident(error, "removing the picture of a reading")


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _NEW_S
    except FileNotFoundError:
        return False


def _cut(things: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(things)
    while block := list(islice(iterator, size)):
        yield block
