"""Reading back what was said: the state of a data set's files, and one file's history."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fracture_core.failures.reviews.records import Note, Review, ReviewEvent
from fracture_core.failures.reviews.rules import fold
from fracture_core.store import ReviewEventKind, ReviewEventRow, has_database, reading_session


class _Said(NamedTuple):
    name: str
    kind: ReviewEventKind
    value: str
    who: str
    at: datetime


def read_reviews(dataset: str) -> dict[str, Review]:
    """Return what holds for each file of a data set, by its name; only files of which something was said.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return {}
    with reading_session() as session:
        return {name: review for name, review in read_state(session, dataset).items() if not review.is_empty}


def read_history(dataset: str, name: str) -> list[ReviewEvent]:
    """Return all that was ever said of one file, the first one first; errors as of ``read_reviews``."""
    if not has_database():
        return []
    wanted = select(ReviewEventRow).where(ReviewEventRow.name == name, ReviewEventRow.dataset == dataset)
    with reading_session() as session:
        rows = session.scalars(wanted.order_by(ReviewEventRow.number)).all()
        return [ReviewEvent(row.number, row.at, row.who, row.dataset, row.name, row.kind, row.value) for row in rows]


def stamp_reviews(dataset: str) -> int:
    """Return a number that changes whenever ``read_reviews`` may return something else; errors as of it."""
    if not has_database():
        return 0
    with reading_session() as session:
        return session.scalar(select(func.max(ReviewEventRow.number)).where(ReviewEventRow.dataset == dataset)) or 0


def read_state(session: Session, dataset: str, names: Iterable[str] | None = None) -> dict[str, Review]:
    """Return the reviews of a data set, inside a transaction; only of some files where these are few."""
    row = ReviewEventRow
    wanted = select(row.name, row.kind, row.value, row.who, row.at).where(row.dataset == dataset).order_by(row.number)
    chosen = None if names is None else list(names)
    if chosen is not None and len(chosen) <= 100:  # a longer list costs more than reading all
        wanted = wanted.where(row.name.in_(chosen))
    events: dict[str, list[_Said]] = {}
    spellings: dict[str, str] = {}
    for fields in session.execute(wanted):
        said = _Said(*fields)
        if said.kind == "tag":
            spellings.setdefault(fold(said.value), said.value)
        events.setdefault(said.name, []).append(said)
    return {name: _add_up(said, spellings) for name, said in events.items()}


def _add_up(events: list[_Said], spellings: dict[str, str]) -> Review:
    """Return what a file's events come to; a tag is spelled as it first was in the data set."""
    tags: dict[str, None] = {}
    label: int | None = None
    label_by, reviewed = "", False
    for said in events:
        if said.kind == "tag":
            tags[fold(said.value)] = None
        elif said.kind == "untag":
            tags.pop(fold(said.value), None)
        elif said.kind == "label":
            label, label_by = (int(said.value), said.who) if said.value else (None, "")
        elif said.kind == "reviewed":
            reviewed = said.value == "1"
    return Review(
        tags=tuple(spellings[tag] for tag in tags),
        notes=tuple(Note(said.value, said.who, said.at) for said in events if said.kind == "note"),
        proposed_label=label,
        proposed_by=label_by,
        reviewed=reviewed,
        last_by=events[-1].who,
        last_at=events[-1].at,
    )
