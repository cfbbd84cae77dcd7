"""The readings that were judged: each with what its readers' last words come to, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select
from sqlalchemy.orm import aliased

from fracture_core.datasets import LABELS
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.records import Consensus
from fracture_core.records.feedback.rules import name_person
from fracture_core.store import Call, FeedbackRow, ReadingRow, has_database, reading_session

NOT_KNOWN = "not known"
_Region = aliased(FeedbackRow)


@dataclass(frozen=True, slots=True)
class Judged:
    """One judged radiograph, as figures are counted from it.

    Attributes:
        number: of the reading; a later one has a greater one.
        at: when it was read, in UTC.
        region: body part in plain words, as a reader or else the reading names it; "not known" where nobody does.
        called: the label at the model's balanced point, which an uncertain call has too.
        consensus: of its readers.
        is_overridden: the gate refused the picture, and a person wanted it read all the same.
    """

    reading_id: str
    number: int
    at: datetime
    sha256: str
    frame: int
    model: str
    model_sha256: str
    region: str
    call: Call
    called: int
    consensus: Consensus
    is_overridden: bool = False


def read_judged(filters: FeedbackFilters | None = None) -> list[Judged]:
    """Return the judged radiographs, the last read first; one read again by the same model counts once, as read last.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return []
    said = summarize_feedback()
    row = ReadingRow
    columns = (
        row.id,
        row.number,
        row.at,
        row.sha256,
        row.frame,
        row.model,
        row.model_sha256,
        name_region(row),
        row.call,
        row.label,
        said.c.fractured,
        said.c.persons,
        row.gate,
    )
    wanted = select_judged(columns, said, filters or FeedbackFilters()).order_by(row.number.desc())
    with reading_session() as session:
        found: dict[tuple[str, str, int], Judged] = {}
        for values in session.execute(wanted):
            *first, label, fractured, persons, gate = values
            consensus = Consensus(int(fractured), int(persons - fractured))
            judged = Judged(*first, LABELS.index(label), consensus, gate == "overridden")  # type: ignore[call-arg]  # columns in order
            found.setdefault((judged.model_sha256, judged.sha256, judged.frame), judged)
    return list(found.values())


def summarize_feedback() -> Subquery:
    """Return a table of the readings that were judged: reading_id, last, persons, fractured, disagreed, region_by."""
    row = FeedbackRow
    last_words = select(func.max(row.number).label("number")).group_by(row.reading_id, row.person).subquery()
    return (
        select(
            row.reading_id,
            func.max(row.number).label("last"),
            func.count().label("persons"),
            func.sum(row.label).label("fractured"),
            func.sum(case((row.agrees.is_(False), 1), else_=0)).label("disagreed"),
            func.max(case((row.region != "", row.number))).label("region_by"),
        )
        .join(last_words, last_words.c.number == row.number)
        .group_by(row.reading_id)
        .subquery()
    )


def name_region(row: type[ReadingRow]) -> Any:
    """Return the expression of a judged reading's body part."""
    return func.coalesce(_Region.region, func.nullif(row.region, ""), NOT_KNOWN)


def select_judged(columns: Sequence[Any], said: Subquery, filters: FeedbackFilters) -> Select[Any]:
    """Return the question for columns of judged readings; ``said`` is of ``summarize_feedback``."""
    wanted = (
        select(*columns)
        .select_from(said)
        .join(ReadingRow, ReadingRow.id == said.c.reading_id)
        .outerjoin(_Region, _Region.number == said.c.region_by)
    )
    return wanted.where(*_build_conditions(said, filters))


def _build_conditions(said: Subquery, filters: FeedbackFilters) -> list[Any]:
    row, twice = ReadingRow, 2 * said.c.fractured
    labels = {"": None, "disputed": twice == said.c.persons, LABELS[1]: twice > said.c.persons}
    labels[LABELS[0]] = twice < said.c.persons
    divided = (said.c.fractured > 0) & (said.c.fractured < said.c.persons)
    kinds = {"all": None, "model": said.c.disagreed > 0, "readers": divided}
    found = [kinds[filters.kind], labels[filters.label]]
    for column, value in (
        (row.call, filters.call),
        (row.model, filters.model),
        (row.model_sha256, filters.model_sha256),
        (name_region(row), filters.region),
    ):
        found.append(column == value if value else None)
    if filters.who:
        person = aliased(FeedbackRow)
        found.append(
            select(person.number).where(person.reading_id == row.id, person.person == name_person(filters.who)).exists()
        )
    if filters.start:
        found.append(row.at >= datetime.combine(filters.start, time.min, UTC))
    if filters.end and filters.end < date.max:  # after the last day there is none
        found.append(row.at < datetime.combine(filters.end, time.min, UTC) + timedelta(days=1))
    return [condition for condition in found if condition is not None]
