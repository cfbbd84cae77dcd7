"""From filters to questions that a database answers quickly, with a million rows and without statistics.

Every column that can be asked for leads an index that holds the others too (``store.tables.ReadingRow``). Which of them
is read is decided here; then a page costs the same however deep it lies and however few match.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from fracture_core.reading.history.filters import NOT_KNOWN, HistoryFilters
from fracture_core.store import ReadingRow, SuitabilityOutcome

_MOST_NAMES = 100  # people that one search may ask for one by one
_MOST_VALUES = 2000
_MANY = 20_000  # rows from which a value counts as frequent
_DIGITS = re.compile(r"[0-9a-f]{8,64}")
_GATE: dict[str, SuitabilityOutcome] = {"yes": "refused", "overridden": "overridden", "no": "passed"}
# Numbers and times count up together but for two readings at once; a clock may have been off by so much.
_CLOCK_SLACK = timedelta(days=1)
_row = ReadingRow


@dataclass(frozen=True)
class Wanted:
    """A question to the database: in each of the ``names`` (None: whoever), all that meets the conditions."""

    conditions: tuple[ColumnElement[bool], ...]
    names: tuple[str | None, ...] = (None,)

    @classmethod
    def of(cls, session: Session, filters: HistoryFilters) -> "Wanted":
        narrow = [condition for condition in (_build_narrow(filters), _build_digits(filters)) if condition is not None]
        equal = _list_equal(filters)
        leading = None if narrow else _find_rarest(session, equal)
        conditions = [*_build_days(session, filters)]
        conditions += [column == value if column is leading else _hide(column) == value for column, value in equal]
        conditions += [_row.number.in_(select(_row.number).where(condition)) for condition in narrow]
        if not filters.search or _DIGITS.fullmatch(filters.search.lower()):
            return cls(tuple(conditions))
        part = filters.search.casefold()
        names = [name for name in list_column_values(session, "who") if part in name.casefold()]
        if len(names) <= _MOST_NAMES and not equal:
            return cls(tuple(conditions), tuple(names))
        return cls((*conditions, _hide(_row.who).in_(names)))

    def find_older(self, session: Session, before: int | None, limit: int) -> list[int]:
        bound = () if before is None else (_row.number < before,)
        return self._find(session, bound, _row.number.desc(), limit, newest_first=True)

    def find_newer(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the next ones, the oldest of them first."""
        return self._find(session, (_row.number > after,), _row.number.asc(), limit, newest_first=False)

    def count(self, session: Session, up_to: int) -> int:
        found = 0
        for query in self._build(()):
            found += session.scalar(select(func.count()).select_from(query.limit(up_to - found).subquery())) or 0
            if found >= up_to:
                break
        return found

    def _find(
        self,
        session: Session,
        bound: Sequence[ColumnElement[bool]],
        order: ColumnElement[int],
        limit: int,
        *,
        newest_first: bool,
    ) -> list[int]:
        # One part a name: each then reads its index in order, and nothing has to be sorted.
        queries = [query.order_by(order).limit(limit).subquery() for query in self._build(bound)]
        found = session.scalars(union_all(*(select(query.c.number) for query in queries))) if queries else ()
        return sorted(found, reverse=newest_first)[:limit]

    def _build(self, bound: Sequence[ColumnElement[bool]]) -> Iterator[Select[int]]:
        for name in self.names:
            who = () if name is None else (_row.who == name,)
            yield select(_row.number).where(*self.conditions, *who, *bound)


def _list_equal(filters: HistoryFilters) -> list[tuple[InstrumentedAttribute[str], str]]:
    """Return which columns have to hold what; those that divide the most come first."""
    wanted = [(_row.who, filters.who), (_row.region, filters.region), (_row.source, filters.source)]
    wanted += [(_row.model, filters.by_model), (_row.call, filters.call), (_row.gate, _GATE.get(filters.refused, ""))]
    return [(column, "" if value == NOT_KNOWN else value) for column, value in wanted if value]


def _find_rarest(
    session: Session, equal: Sequence[tuple[InstrumentedAttribute[str], str]]
) -> InstrumentedAttribute[str] | None:
    """Return the column whose index is to be read: a database without statistics would take any."""
    if len(equal) < 2:
        return equal[0][0] if equal else None

    def estimate(asked: tuple[InstrumentedAttribute[str], str]) -> int:
        some = select(_row.number).where(asked[0] == asked[1]).limit(_MANY).subquery()
        return session.scalar(select(func.count()).select_from(some)) or 0

    return min(equal, key=estimate)[0]


def _hide(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Return a column's value as an expression, so that the database does not look for it in an index of its own."""
    return column + ""


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


def list_column_values(session: Session, field: str) -> list[str]:
    """Return the values of a column that leads an index: from each, one seek to the next."""
    column = getattr(_row, field)
    values = select(func.min(column).label("value")).cte("found", recursive=True)
    following = select(func.min(column)).where(column > values.c.value).scalar_subquery()
    values = values.union_all(select(following).where(values.c.value.is_not(None)))
    wanted = select(values.c.value).where(values.c.value.is_not(None)).limit(_MOST_VALUES)
    return [*session.scalars(wanted)]
