"""Readings of many kinds, and which of them a question should find, told without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from fracture_core.reading.history.filters import NOT_KNOWN, HistoryFilters
from fracture_core.reading.history.record import record_all
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.store.database import writing_session
from fracture_core.store.tables import ReadingRow
from tests.unit.reading.history.test_record import NEW, READING, REFUSED

PEOPLE, SOURCES, REGIONS = ("Ada", "Adam", "Bo", ""), ("page", "API", "worklist"), ("wrist", "ankle")
FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_readings(count: int) -> None:
    """Keep readings that follow one another by eight hours; every fifth is refused, every tenth read all the same."""
    news = [
        replace(
            NEW,
            who=PEOPLE[n % 4],
            source=SOURCES[n % 3],
            region=REGIONS[n % 2],
            radiograph=replace(NEW.radiograph, sha256=f"{n % 6:064x}"),
            suitability=REFUSED if n % 5 == 0 else NEW.suitability,
            reading=replace(READING, call=("positive", "negative")[n % 7 == 0], model="tiny" if n % 3 else "other"),
            worklist_id="list" if n % 3 == 2 else "",
            item_number=n if n % 3 == 2 else None,
        )
        for n in range(count)
    ]
    record_all(news)
    with writing_session() as session:
        for n, row in enumerate(session.scalars(select(ReadingRow).order_by(ReadingRow.number))):
            row.at = FIRST + timedelta(hours=8 * n)
            if n % 10 == 0:
                row.gate, row.override_who, row.override_at = "overridden", "Ada", row.at


def matches(record: ReadingRecord, filters: HistoryFilters) -> bool:
    """Return whether a reading is among those asked for."""
    gate = {"yes": record.is_refused, "overridden": record.override_at is not None, "no": not record.refusals}
    texts = [(record.who, filters.who), (record.region, filters.region), (record.source, filters.source)]
    texts += [(record.call, filters.call), (record.model, filters.by_model), (record.sha256, filters.sha256)]
    texts += [(record.worklist_id, filters.worklist)]
    digits = filters.search.lower()
    is_found = (
        record.id.startswith(digits) or record.sha256.startswith(digits)
        if len(digits) >= 8 and set(digits) <= set("0123456789abcdef")
        else digits in record.who.casefold()
    )
    return (
        all(not asked or value == ("" if asked == NOT_KNOWN else asked) for value, asked in texts)
        and (not filters.search or is_found)
        and (not filters.refused or gate[filters.refused])
        and (filters.from_day is None or record.at.date() >= filters.from_day)
        and (filters.to_day is None or record.at.date() <= filters.to_day)
    )
