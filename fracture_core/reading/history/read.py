"""Finding readings again: one by its id, or a page of many, newest first, from wherever the reader stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from fracture_core.base import HistoryError
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.query import Wanted, list_column_values
from fracture_core.reading.history.record import build_record
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.store import ReadingRow, has_database, reading_session

COUNT_READINGS_UP_TO = 10_000
_LAST = 2**62  # a number that databases take
_row = ReadingRow


@dataclass(frozen=True)
class ReadingsPage:
    """A page of readings, newest first.

    Attributes:
        older: give it as ``before`` for the page that follows; None at the end.
        newer: give it as ``after`` for the page before; None at the beginning.
    """

    readings: tuple[ReadingRecord, ...]
    older: int | None = None
    newer: int | None = None


def find_reading(reading_id: str) -> ReadingRecord:
    """Return one reading.

    Raises:
        HistoryError: there is none of that id.
        StoreError: the database cannot be used.
    """
    if has_database():
        with reading_session() as session:
            row = session.scalars(select(_row).where(_row.id == reading_id.replace("\0", ""))).one_or_none()
            if row:
                return build_record(row)
    raise HistoryError(
        "There is no such reading.",
        "It may have been deleted, or its time in the history is over; search for its file.",
    )


def find_by_request_key(key: str | None) -> ReadingRecord | None:
    """Return the reading that a request of this key was answered with; None where there was none, or no key.

    Raises:
        StoreError: the database cannot be used.
    """
    if key is None or not has_database():
        return None
    with reading_session() as session:
        row = session.scalars(select(_row).where(_row.request_key == key)).one_or_none()
        return build_record(row) if row else None


def find_item_reading(worklist_id: str, item_number: int) -> ReadingRecord | None:
    """Return the last reading of a worklist's item; None where the history has none. Errors as of ``list_readings``."""
    if not has_database():
        return None
    of_item = (_row.worklist_id == worklist_id, _row.item_number == item_number)
    with reading_session() as session:
        row = session.scalars(select(_row).where(*of_item).order_by(_row.number.desc()).limit(1)).one_or_none()
        return build_record(row) if row else None


def list_readings(
    filters: HistoryFilters, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> ReadingsPage:
    """Return the newest readings that match, or those just before or after a reading's number.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return ReadingsPage(())
    before, after = (None if number is None else max(min(number, _LAST), 0) for number in (before, after))
    with reading_session() as session:
        wanted = Wanted.of(session, filters)
        if after is None:
            numbers = wanted.find_older(session, before, limit + 1)
            has_older, numbers = len(numbers) > limit, numbers[:limit]
            has_newer = bool(numbers) and before is not None and bool(wanted.find_newer(session, numbers[0], 1))
        else:
            numbers = wanted.find_newer(session, after, limit + 1)
            has_newer, numbers = len(numbers) > limit, numbers[:limit][::-1]
            has_older = bool(numbers) and bool(wanted.find_older(session, numbers[-1], 1))
        rows = session.scalars(select(_row).where(_row.number.in_(numbers)).order_by(_row.number.desc())).all()
        return ReadingsPage(
            tuple(build_record(row) for row in rows),
            older=numbers[-1] if has_older else None,
            newer=numbers[0] if has_newer else None,
        )


def iterate_readings(filters: HistoryFilters, *, block: int = 500) -> Iterator[ReadingRecord]:
    """Yield all readings that match, newest first, a block in memory at a time; errors as of ``list_readings``."""
    before: int | None = None
    while True:
        page = list_readings(filters, before=before, limit=block)
        yield from page.readings
        if page.older is None:
            return
        before = page.older


def count_readings(
    filters: HistoryFilters, up_to: int = COUNT_READINGS_UP_TO, *, newest: ReadingsPage | None = None
) -> int:
    """Return how many readings match; ``up_to`` + 1 where there are more: nobody waits for a million to be counted.

    Args:
        newest: the first page of them, where it was just read: if it holds all, they need not be looked for again.

    Raises:
        StoreError: the database cannot be used.
    """
    if newest is not None and newest.older is None:
        return min(len(newest.readings), up_to + 1)
    if not has_database():
        return 0
    with reading_session() as session:
        return Wanted.of(session, filters).count(session, up_to + 1)


def list_reading_values(field: str) -> list[str]:
    """Return which people ("who"), regions or models there are, without looking at every reading.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return []
    with reading_session() as session:
        return list_column_values(session, field)
