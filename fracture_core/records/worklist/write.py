"""What is written of a worklist: files taken in hand, what became of them, and what people say of them."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Select, Update, delete, select, update

from fracture_core.base import WorklistError
from fracture_core.reading import NewReading, override_row, pictures_of, record_readings
from fracture_core.records.worklist.places import find_home
from fracture_core.records.worklist.read import build_item
from fracture_core.records.worklist.records import WorklistItem
from fracture_core.store import ReadingRow, WorklistItemRow, WorklistRow, append_audit_entry, writing_session

_LONGEST_WHO, _LONGEST_WHY = 120, 1000
_item = WorklistItemRow


@dataclass(frozen=True)
class ItemOutcome:
    """What became of a file; the fields are those of ``WorklistItem``, and ``reason`` tells what failed.

    Attributes:
        reading: as the history keeps it; None where nothing was read.
    """

    number: int
    reason: str = ""
    sha256: str = ""
    study: str = ""
    region: str = ""
    view: str = ""
    source_type: str = ""
    width_px: int | None = None
    height_px: int | None = None
    label: str = ""
    call: str = ""
    p_fracture: float | None = None
    notes: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    elapsed_ms: float | None = None
    reading: NewReading | None = None


def put_back(worklist_id: str) -> None:
    """Let files that a reader had in hand when it ended wait again; only for whoever holds the worklist's lock."""
    with writing_session() as session:
        session.execute(
            update(_item).where(_item.worklist_id == worklist_id, _item.status == "reading").values(status="waiting")
        )


def take(worklist_id: str, count: int) -> list[WorklistItem]:
    """Take the next files in hand; none where the worklist is read, stopped or deleted."""
    with writing_session() as session:
        row = session.get(WorklistRow, worklist_id)
        if row is None or row.stopped:
            return []
        wanted = select(_item).where(_item.worklist_id == worklist_id, _item.status == "waiting")
        rows = session.scalars(wanted.order_by(_item.number).limit(count).with_for_update()).all()
        for each in rows:
            each.status = "reading"
        return [build_item(each) for each in rows]


def record(worklist_id: str, outcomes: Sequence[ItemOutcome]) -> None:
    """Write what became of files that were taken in hand, all at once, and their readings into the history.

    One that was deleted meanwhile is let go.
    """
    found = {outcome.number: outcome for outcome in outcomes}
    news = {outcome.number: outcome.reading for outcome in outcomes if outcome.reading}
    wanted = select(_item).where(_item.worklist_id == worklist_id, _item.status == "reading", _item.number.in_(found))
    with pictures_of([*news.values()]) as ids, writing_session() as session:
        rows = session.scalars(wanted.with_for_update()).all()
        for row in rows:
            _fill(row, found[row.number])
        present = {row.number for row in rows}
        read = [(new, id_) for (number, new), id_ in zip(news.items(), ids, strict=True) if number in present]
        record_readings(session, [new for new, _ in read], [id_ for _, id_ in read])


def _fill(row: WorklistItemRow, outcome: ItemOutcome) -> None:
    values = {name: value for name, value in vars(outcome).items() if name != "reading"}
    values |= {"read_at": datetime.now(UTC), "status": "failed" if outcome.reason else "done"}
    values |= {"study_by": "header" if outcome.study else ""}
    # What a person has said meanwhile goes before what the header says.
    said = ({"study", "study_by"} if row.study_by == "hand" else set()) | ({"region"} if row.region else set())
    for name, value in values.items():
        if name not in said:
            setattr(row, name, list(value) if isinstance(value, tuple) else value)


def stop_reading(worklist_id: str, problem: str = "") -> None:
    """Let no further file be taken in hand; ``problem`` says why it cannot go on."""
    _change(worklist_id, stopped=True, problem=problem)


def go_on_reading(worklist_id: str) -> None:
    """Let a stopped worklist be read on; whoever shows it begins."""
    _change(worklist_id, stopped=False, problem="")


def rename(worklist_id: str, title: str) -> None:
    """Give a worklist another title."""
    if not title.strip():
        raise WorklistError("A worklist needs a title.", "Write one, such as the day or the ward.")
    _change(worklist_id, title=title.strip()[:200])


def override_refusal(worklist_id: str, number: int, who: str, why: str) -> None:
    """Keep that somebody wants the reading of a refused picture all the same.

    Raises:
        WorklistError: no name or reason is given, or the picture was not refused.
    """
    who, why = who.strip()[:_LONGEST_WHO], why.strip()
    if not who or not why or len(why) > _LONGEST_WHY:
        raise WorklistError(
            "Say who you are, and why the picture should be read all the same.",
            f"Both are kept with the reading; the reason has at most {_LONGEST_WHY:,} letters.",
        )
    with writing_session() as session:
        row = session.get(WorklistItemRow, (worklist_id, number))
        if row is None or not build_item(row).is_refused:
            raise WorklistError("This picture is not refused, or no longer.", "Look at the list again.")
        row.override_who, row.override_why, row.override_at = who, why, datetime.now(UTC)
        for kept in session.scalars(_find_refused(worklist_id, number)).all():
            override_row(session, kept, who, why)


def group_by_hand(worklist_id: str, numbers: Iterable[int]) -> None:
    """Make items views of one exam; whole exams that they belong to come along.

    Raises:
        WorklistError: fewer than two, or some are not in the worklist.
    """
    chosen = set(numbers)
    with writing_session() as session:
        rows = session.scalars(select(_item).where(_item.worklist_id == worklist_id)).all()
        studies = {row.study for row in rows if row.number in chosen and row.study}
        if len(chosen) < 2 or not chosen <= {row.number for row in rows}:
            raise WorklistError("One exam needs at least two views.", "Choose another radiograph of this list.")
        mark = uuid4().hex
        for row in rows:
            if row.number in chosen or row.study in studies:
                row.study, row.study_by = mark, "hand"


def set_apart(worklist_id: str, number: int) -> None:
    """Make an item an exam of its own, whatever its header says."""
    with writing_session() as session:
        session.execute(_where(worklist_id, number).values(study="", study_by="hand"))


def set_region(worklist_id: str, number: int, region: str) -> None:
    """Keep which body part a person says is shown; empty takes it back."""
    with writing_session() as session:
        session.execute(_where(worklist_id, number).values(region=region.strip()[:40]))


def delete_worklist(worklist_id: str) -> None:
    """Delete a worklist and the copies of its files; a file in hand is not written any more.

    Raises:
        WorklistError: there is none of that id.
    """
    with writing_session() as session:
        session.execute(delete(_item).where(_item.worklist_id == worklist_id))
        gone = session.scalars(delete(WorklistRow).where(WorklistRow.id == worklist_id).returning(WorklistRow.id)).all()
        if gone:
            append_audit_entry(session, "deletion", worklist_id, what="worklist")
    if not gone:
        raise WorklistError("There is no such worklist.", "It may have been deleted already.")
    shutil.rmtree(find_home(worklist_id), ignore_errors=True)


def _where(worklist_id: str, number: int) -> Update:
    return update(_item).where(_item.worklist_id == worklist_id, _item.number == number)


def _change(worklist_id: str, **values: object) -> None:
    with writing_session() as session:
        wanted = update(WorklistRow).where(WorklistRow.id == worklist_id).values(**values).returning(WorklistRow.id)
        changed = session.scalars(wanted).all()
    if not changed:
        raise WorklistError("There is no such worklist.", "It may have been deleted.")


def _find_refused(worklist_id: str, number: int) -> Select[ReadingRow]:
    """Return the query for the reading of an item in the history; lists made before there was one have none."""
    of_item = (ReadingRow.worklist_id == worklist_id, ReadingRow.item_number == number)
    return select(ReadingRow).where(*of_item, ReadingRow.gate == "refused").with_for_update()
