"""Reading back what was said of one reading or of some."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from fracture_core.records.feedback.records import Feedback
from fracture_core.records.feedback.rules import is_reading_id
from fracture_core.records.feedback.write import build_feedback
from fracture_core.store import FeedbackRow, has_database, reading_session


def read_feedback(reading_id: str) -> list[Feedback]:
    """Return all that was ever said of a reading, the first one first; see ``find_latest_feedback``.

    Raises:
        StoreError: the database cannot be used.
    """
    return read_feedback_of([reading_id]).get(reading_id, [])


def read_feedback_of(reading_ids: Collection[str]) -> dict[str, list[Feedback]]:
    """Return the same for some readings, a page of them say, by id; those of which nothing was said are not in it."""
    ids = [each for each in reading_ids if is_reading_id(each)]
    if not ids or not has_database():
        return {}
    wanted = select(FeedbackRow).where(FeedbackRow.reading_id.in_(ids)).order_by(FeedbackRow.number)
    found: dict[str, list[Feedback]] = {}
    with reading_session() as session:
        for row in session.scalars(wanted):
            found.setdefault(row.reading_id, []).append(build_feedback(row))
    return found


def find_latest_feedback(said: Iterable[Feedback]) -> list[Feedback]:
    """Return each person's last word, in the order in which they were said."""
    last = {each.person: each for each in sorted(said, key=lambda each: each.number)}
    return sorted(last.values(), key=lambda each: each.number)


def stamp_feedback() -> tuple[int, int, str]:
    """Return what changes when feedback is given, or goes with its reading; errors as of ``read_feedback``."""
    if not has_database():
        return 0, 0, ""
    row = FeedbackRow
    with reading_session() as session:
        count, last, at = session.execute(select(func.count(), func.max(row.number), func.max(row.at))).one()
        return count, last or 0, str(at)  # SQLite gives the number of a last row that is gone to the next one
