"""Worklists as they stand in the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fracture_core.base import WorklistError
from fracture_core.records.worklist.records import ItemOverride, Worklist, WorklistItem, WorklistProgress
from fracture_core.store import WorklistItemRow, WorklistRow, has_database, reading_session

_PACE_OF = 40  # files, the last ones, by which the time left is told


def list_worklists(limit: int | None = None) -> list[Worklist]:
    """Return all worklists, the newest first.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return []
    with reading_session() as session:
        wanted = select(WorklistRow).order_by(WorklistRow.created_at.desc(), WorklistRow.id).limit(limit)
        return _build(session, session.scalars(wanted).all())


def read_worklist(worklist_id: str) -> Worklist:
    """Return one worklist.

    Raises:
        WorklistError: there is none of that id.
        StoreError: the database cannot be used.
    """
    if has_database():
        with reading_session() as session:
            row = session.get(WorklistRow, worklist_id[:64].replace("\0", ""))
            if row:
                return _build(session, [row], with_pace=True)[0]
    raise WorklistError(
        "There is no such worklist.", "It may have been deleted. Choose another one, or hand in the files."
    )


def read_items(worklist_id: str) -> list[WorklistItem]:
    """Return the items of a worklist, the first one first; errors as of ``list_worklists``."""
    if not has_database():
        return []
    row = WorklistItemRow
    with reading_session() as session:
        rows = session.scalars(select(row).where(row.worklist_id == worklist_id).order_by(row.number))
        return [build_item(each) for each in rows]


def find_unfinished() -> list[str]:
    """Return the worklists that somebody should be reading, the oldest first; errors as of ``list_worklists``."""
    if not has_database():
        return []
    item = WorklistItemRow
    is_open = item.status.in_(("waiting", "reading"))
    open_items = select(item.number).where(item.worklist_id == WorklistRow.id, is_open)
    wanted = (
        select(WorklistRow.id).where(~WorklistRow.stopped).where(open_items.exists()).order_by(WorklistRow.created_at)
    )
    with reading_session() as session:
        return list(session.scalars(wanted))


def build_item(row: WorklistItemRow) -> WorklistItem:
    """Return a row as it is handed out."""
    override = ItemOverride(row.override_who, row.override_why, row.override_at) if row.override_at else None
    return WorklistItem(
        worklist_id=row.worklist_id,
        number=row.number,
        name=row.name,
        path=row.path,
        status=row.status,
        reason=row.reason,
        sha256=row.sha256,
        study=row.study,
        study_by=row.study_by,
        region=row.region,
        view=row.view,
        source_type=row.source_type,
        width_px=row.width_px,
        height_px=row.height_px,
        label=row.label,
        call=row.call or None,
        p_fracture=row.p_fracture,
        notes=tuple(row.notes),
        refusals=tuple(row.refusals),
        override=override,
        elapsed_ms=row.elapsed_ms,
        read_at=row.read_at,
    )


def _build(session: Session, rows: Sequence[WorklistRow], *, with_pace: bool = False) -> list[Worklist]:
    item = WorklistItemRow
    counted = (
        select(item.worklist_id, item.status, func.count(), func.max(item.read_at))
        .where(item.worklist_id.in_([row.id for row in rows]))
        .group_by(item.worklist_id, item.status)
    )
    counts: dict[str, dict[str, int]] = {row.id: {} for row in rows}
    latest: dict[str, list[datetime]] = {row.id: [] for row in rows}
    for worklist_id, status, count, last_at in session.execute(counted):
        counts[worklist_id][status] = count
        latest[worklist_id] += [last_at] if last_at else []
    return [
        Worklist(
            id=row.id,
            created_at=row.created_at,
            title=row.title,
            source=row.source,
            folder=row.folder,
            left_out=row.left_out,
            model=row.model,
            model_sha256=row.model_sha256,
            stopped=row.stopped,
            problem=row.problem,
            progress=WorklistProgress(
                waiting=(waiting := counts[row.id].get("waiting", 0) + counts[row.id].get("reading", 0)),
                done=counts[row.id].get("done", 0),
                failed=counts[row.id].get("failed", 0),
                left=_measure_left(session, row.id, waiting) if with_pace and waiting and not row.stopped else None,
                last_at=max(latest[row.id], default=None),
            ),
        )
        for row in rows
    ]


def _measure_left(session: Session, worklist_id: str, waiting: int) -> timedelta | None:
    """Return the time that the rest takes at the pace of the last files."""
    item = WorklistItemRow
    wanted = select(item.read_at).where(item.worklist_id == worklist_id, item.read_at.is_not(None))
    times = [at for at in session.scalars(wanted.order_by(item.read_at.desc()).limit(_PACE_OF)) if at is not None]
    # Those of one batch have one time: what came after the first batch took as long as the times are apart.
    later = sum(at > times[-1] for at in times) if times else 0
    return (times[0] - times[-1]) / later * waiting if later else None
