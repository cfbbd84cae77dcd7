"""Judged readings as a list to go through: all, those a reader disagrees with, those two readers disagree on."""

from dataclasses import dataclass

from sqlalchemy import func, select

from fracture_core.base import FeedbackError
from fracture_core.reading import ReadingRecord, build_record
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import name_region, select_judged, summarize_feedback
from fracture_core.records.feedback.read import find_latest_feedback, read_feedback_of
from fracture_core.records.feedback.records import Consensus, Feedback, decide_consensus
from fracture_core.store import ReadingRow, has_database, reading_session

MOST = 500  # of a page
_LAST = 2**62  # a number that databases take


@dataclass(frozen=True)
class JudgedReading:
    """A reading and each person's last word of it.

    Attributes:
        number: of the last thing said of it: what a page begins or ends with.
        region: as its readers or else the reading names it.
    """

    number: int
    reading: ReadingRecord
    region: str
    said: tuple[Feedback, ...]

    @property
    def consensus(self) -> Consensus:
        return decide_consensus(each.label for each in self.said)


@dataclass(frozen=True)
class JudgedPage:
    """Some judged readings, those of which something was said last first.

    Attributes:
        older: what to pass as ``before`` for the next page; None where there is none.
    """

    readings: tuple[JudgedReading, ...]
    older: int | None


def list_judged(filters: FeedbackFilters | None = None, *, before: int | None = None, limit: int = 20) -> JudgedPage:
    """Return a page of judged readings.

    Args:
        before: only those with a smaller ``JudgedReading.number``.
        limit: 1 to 500.

    Raises:
        FeedbackError: another limit.
        StoreError: the database cannot be used.
    """
    if not 1 <= limit <= MOST:
        raise FeedbackError(f"{limit} readings cannot be listed at once.", f"Ask for 1 to {MOST}.")
    if not has_database():
        return JudgedPage((), None)
    said = summarize_feedback()
    wanted = select_judged((said.c.last, ReadingRow, name_region(ReadingRow)), said, filters or FeedbackFilters())
    if before is not None:
        wanted = wanted.where(said.c.last < max(min(before, _LAST), 0))
    with reading_session() as session:
        found = [
            (number, build_record(row), region)
            for number, row, region in session.execute(wanted.order_by(said.c.last.desc()).limit(limit + 1))
        ]
    words = read_feedback_of([record.id for _, record, _ in found[:limit]])
    page = tuple(
        JudgedReading(number, record, region, tuple(find_latest_feedback(words.get(record.id, []))))
        for number, record, region in found[:limit]
    )
    return JudgedPage(page, page[-1].number if len(found) > limit else None)


def list_disagreements(
    filters: FeedbackFilters | None = None, *, before: int | None = None, limit: int = 20
) -> JudgedPage:
    """Return the same of readings that a reader disagrees with, or two disagree on where the filters say so."""
    filters = filters or FeedbackFilters()
    if filters.kind == "all":
        filters = FeedbackFilters(**vars(filters) | {"kind": "model"})
    return list_judged(filters, before=before, limit=limit)


def count_judged(filters: FeedbackFilters | None = None) -> int:
    """Return how many judged readings there are; errors as of ``list_judged``."""
    if not has_database():
        return 0
    said = summarize_feedback()
    with reading_session() as session:
        wanted = select_judged((said.c.last,), said, filters or FeedbackFilters())
        return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
