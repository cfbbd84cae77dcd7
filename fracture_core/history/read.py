"""Finding readings again: one by its id, or a page of many, newest first, from wherever the reader stands.

A page costs the same however deep it lies and however few match: every column that can be asked for leads an index
that holds the others too (see ``store.tables.ReadingRow``), and a page continues after a number, not after a count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from fracture_core.errors import HistoryError
from fracture_core.history.filters import NOT_KNOWN, HistoryFilters
from fracture_core.history.record import build_record
from fracture_core.history.records import ReadingRecord
from fracture_core.store.database import has_database, reading
from fracture_core.store.tables import ReadingRow

COUNT_UP_TO = 10_000
_LAST = 2**62  # a number that databases take
_MOST_NAMES = 20  # people that one search may stand for
_MOST_VALUES = 500
_DIGITS = re.compile(r"[0-9a-f]{8,64}")
_GATE = {"yes": "refused", "overridden": "overridden", "no": "passed"}
# Numbers and times count up together but for two readings at once; a clock may have been off by so much.
_CLOCK_SLACK = timedelta(days=1)
_row = ReadingRow


@dataclass(frozen=True)
class Page:
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
    row = None
    if has_database():
        with reading() as session:
            row = session.scalars(select(_row).where(_row.id == reading_id.replace("\0", ""))).one_or_none()
            if row:
                return build_record(row)
    raise HistoryError(
        "There is no such reading.",
        "It may have been deleted, or its time in the history is over; search for its file.",
    )


def find_item_reading(worklist_id: str, item_number: int) -> ReadingRecord | None:
    """Return the last reading of a worklist's item; None where the history has none. Errors as of ``list_readings``."""
    if not has_database():
        return None
    of_item = (_row.worklist_id == worklist_id, _row.item_number == item_number)
    with reading() as session:
        row = session.scalars(select(_row).where(*of_item).order_by(_row.number.desc()).limit(1)).one_or_none()
        return build_record(row) if row else None


def list_readings(
    filters: HistoryFilters, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> Page:
    """Return the newest readings that match, or those just before or after a reading's number.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return Page(())
    before, after = (None if number is None else max(min(number, _LAST), 0) for number in (before, after))
    with reading() as session:
        wanted = _Wanted.of(session, filters)
        if after is None:
            numbers = wanted.find_older(session, before, limit + 1)
            has_older, numbers = len(numbers) > limit, numbers[:limit]
            has_newer = bool(numbers) and before is not None and bool(wanted.find_newer(session, numbers[0], 1))
        else:
            numbers = wanted.find_newer(session, after, limit + 1)
            has_newer, numbers = len(numbers) > limit, numbers[:limit][::-1]
            has_older = bool(numbers) and bool(wanted.find_older(session, numbers[-1], 1))
        rows = session.scalars(select(_row).where(_row.number.in_(numbers)).order_by(_row.number.desc())).all()
        return Page(
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


def count(filters: HistoryFilters, up_to: int = COUNT_UP_TO) -> int:
    """Return how many readings match; ``up_to`` + 1 where there are more: nobody waits for a million to be counted.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return 0
    with reading() as session:
        return min(_Wanted.of(session, filters).count(session, up_to + 1), up_to + 1)


def list_values(field: str) -> list[str]:
    """Return which people ("who"), regions or models there are, without looking at every reading.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return []
    with reading() as session:
        return list(islice(_iterate_values(session, field), _MOST_VALUES))


@dataclass(frozen=True)
class _Wanted:
    """A question to the database: in each of the ``names`` (None: whoever), all that meets the conditions."""

    conditions: tuple[ColumnElement[bool], ...]
    names: tuple[str | None, ...] = (None,)

    @classmethod
    def of(cls, session: Session, filters: HistoryFilters) -> "_Wanted":
        conditions = [*_build_equal(filters), *_build_days(session, filters)]
        narrow = [condition for condition in (_build_narrow(filters), _build_digits(filters)) if condition is not None]
        # Whatever the planner thinks of the rest, these few are what it starts from.
        conditions += [_row.number.in_(select(_row.number).where(condition)) for condition in narrow]
        if not filters.search or _DIGITS.fullmatch(filters.search.lower()):
            return cls(tuple(conditions))
        part = filters.search.casefold()
        names = islice((name for name in _iterate_values(session, "who") if part in name.casefold()), _MOST_NAMES)
        return cls(tuple(conditions), tuple(names))

    def find_older(self, session: Session, before: int | None, limit: int) -> list[int]:
        bound = () if before is None else (_row.number < before,)
        return self._find(session, bound, _row.number.desc(), limit, newest_first=True)

    def find_newer(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the next ones, the oldest of them first."""
        return self._find(session, (_row.number > after,), _row.number.asc(), limit, newest_first=False)

    def count(self, session: Session, up_to: int) -> int:
        return sum(
            session.scalar(select(func.count()).select_from(query.limit(up_to).subquery())) or 0
            for query in self._build(())
        )

    def _find(
        self,
        session: Session,
        bound: Sequence[ColumnElement[bool]],
        order: ColumnElement[int],
        limit: int,
        *,
        newest_first: bool,
    ) -> list[int]:
        # One question a name: each then reads its index in order, and nothing has to be sorted.
        queries = (query.order_by(order).limit(limit) for query in self._build(bound))
        found = [number for query in queries for number in session.scalars(query)]
        return sorted(found, reverse=newest_first)[:limit]

    def _build(self, bound: Sequence[ColumnElement[bool]]) -> Iterator[Select[tuple[int]]]:
        for name in self.names:
            who = () if name is None else (_row.who == name,)
            yield select(_row.number).where(*self.conditions, *who, *bound)


def _build_equal(filters: HistoryFilters) -> Iterator[ColumnElement[bool]]:
    wanted = [(_row.who, filters.who), (_row.source, filters.source), (_row.region, filters.region)]
    wanted += [(_row.call, filters.call), (_row.model, filters.by_model)]
    for column, value in wanted:
        if value:
            yield column == ("" if value == NOT_KNOWN else value)
    if filters.refused:
        yield _row.gate == _GATE[filters.refused]


def _build_narrow(filters: HistoryFilters) -> ColumnElement[bool] | None:
    wanted = [(_row.sha256, filters.sha256), (_row.worklist_id, filters.worklist)]
    conditions = [column == value for column, value in wanted if value]
    return conditions[0] & conditions[1] if len(conditions) == 2 else next(iter(conditions), None)


def _build_digits(filters: HistoryFilters) -> ColumnElement[bool] | None:
    digits = filters.search.lower()
    if not _DIGITS.fullmatch(digits):
        return None
    beyond = digits + "g"  # the first text that does not begin with these digits
    return or_(*(column.between(digits, beyond) for column in (_row.id, _row.sha256)))


def _build_days(session: Session, filters: HistoryFilters) -> Iterator[ColumnElement[bool]]:
    """Yield the bounds in time, and bounds in number that spare most of what lies outside."""
    if filters.from_day:
        first = datetime.combine(filters.from_day, time(), UTC)
        number = _find_number(session, first - _CLOCK_SLACK)
        yield _row.at >= first
        yield _row.number >= (number if number is not None else _find_end(session))
    if filters.to_day:
        end = datetime.combine(filters.to_day, time(), UTC) + timedelta(days=1)
        number = _find_number(session, end + _CLOCK_SLACK)
        yield _row.at < end
        if number is not None:
            yield _row.number <= number


def _find_number(session: Session, at: datetime) -> int | None:
    return session.scalar(select(_row.number).where(_row.at >= at).order_by(_row.at, _row.number).limit(1))


def _find_end(session: Session) -> int:
    return (session.scalar(select(func.max(_row.number))) or 0) + 1


def _iterate_values(session: Session, field: str) -> Iterator[str]:
    """Yield the values of a column that leads an index, one seek each."""
    column = getattr(_row, field)
    value = session.scalar(select(func.min(column)))
    while value is not None:
        yield value
        value = session.scalar(select(func.min(column)).where(column > value))
