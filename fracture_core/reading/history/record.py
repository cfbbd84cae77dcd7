"""Writing readings down, each with its entry in the audit log."""

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from fracture_core.base import HistoryError, StoreError, get_settings, log_incident
from fracture_core.radiographs import Radiograph, find_body_part
from fracture_core.reading.engine.predictor import Reading
from fracture_core.reading.history.pictures import claim_pictures, keep_picture, remove_picture
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.reading.suitability.findings import Override, Suitability
from fracture_core.store import (
    AuditAction,
    AuditLogHeadRow,
    Door,
    ReadingRow,
    append_audit_entries,
    append_audit_entry,
    lock_audit_log,
    make_keepable,
    reading_session,
    writing_session,
)

_LONGEST = {"who": 120, "name": 500, "region": 40, "view": 40, "correction": 16, "source_type": 16, "device": 16}
_LONGEST_WHY = 1000


@dataclass(frozen=True)
class NewReading:
    """A reading to be kept.

    Attributes:
        radiograph: what was read; only its hash, size and de-identified details are kept.
        suitability: what the suitability check found.
        elapsed_ms: decoding and reading.
        who: a person's name or the system's user.
        name: of the file; kept only where the settings keep patient data.
        override: a person's decision to read a refused picture.
        request_key: two requests of one key are one reading: the second gets the first's row.
    """

    source: Door
    radiograph: Radiograph
    reading: Reading
    suitability: Suitability
    elapsed_ms: float
    who: str = ""
    name: str = ""
    frame: int = 0
    correction: str = ""
    region: str = ""
    override: Override | None = None
    request_key: str | None = None
    worklist_id: str = ""
    item_number: int | None = None


def record_reading(new: NewReading) -> ReadingRecord:
    """Keep one reading, and its picture if the settings allow it; return it as it is kept.

    Raises:
        StoreError: the database cannot be used; nothing was kept.
    """
    return record_all([new])[0]


def record_all(news: Sequence[NewReading]) -> list[ReadingRecord]:
    """Keep several readings in one transaction; as ``record_reading``."""
    with pictures_of(news) as ids, writing_session() as session:
        return record_readings(session, news, ids)


def record_readings(
    session: Session, news: Sequence[NewReading], ids: Sequence[str] | None = None
) -> list[ReadingRecord]:
    """Keep readings in a transaction that goes on; the last thing it does, see ``store.append_audit_entry``.

    Args:
        session: of ``store.writing_session``.
        ids: a fresh one each, of ``pictures_of``, which has to be begun before the transaction; without, no picture
            is kept.
    """
    ids = ids if ids is not None else [uuid4().hex for _ in news]
    rows, told = [], []
    if any(new.request_key for new in news):
        lock_audit_log(session)  # two that come at once with one key: the second has to see the first's row
    for new, reading_id in zip(news, ids, strict=True):
        row = _find_same(session, new)
        if row is None:
            row = ReadingRow(id=reading_id, exam=_hash_exam(session, new.radiograph), **_describe(new))
            session.add(row)
            told += _tell(row)
        rows.append(row)
    if told:
        append_audit_entries(session, told)
    return [build_record(row) for row in rows]


@contextmanager
def pictures_of(news: Sequence[NewReading]) -> Iterator[list[str]]:
    """Keep the pictures of readings whose rows the block writes, if the settings allow it; yield the rows' ids.

    A picture is there before its row; one whose row did not come to be is removed, at the latest by ``retention``.
    """
    ids = [uuid4().hex for _ in news]
    if not get_settings().keep_pictures:
        yield ids
        return
    try:
        claim_pictures()
        for reading_id, new in zip(ids, news, strict=True):
            keep_picture(reading_id, new.radiograph)
    except OSError as error:  # the readings count for more
        log_incident(error, "keeping the pictures of readings")
    try:
        yield ids
    finally:
        with suppress(StoreError, OSError):
            for reading_id in set(ids) - find_present(ids):
                remove_picture(reading_id)


def find_present(ids: Sequence[str]) -> set[str]:
    """Return which of these readings there are; errors as of ``store.database.reading``."""
    with reading_session() as session:
        return set(session.scalars(select(ReadingRow.id).where(ReadingRow.id.in_(ids))))


def override_reading(reading_id: str, who: str, why: str) -> ReadingRecord:
    """Keep that somebody wants the reading of a refused picture all the same.

    Raises:
        HistoryError: no name or reason is given, or the picture was not refused.
        StoreError: the database cannot be used.
    """
    who, why = who.strip()[: _LONGEST["who"]], why.strip()
    if not who or not why or len(why) > _LONGEST_WHY:
        raise HistoryError(
            "Say who you are, and why the picture should be read all the same.",
            f"Both are kept with the reading; the reason has at most {_LONGEST_WHY:,} letters.",
        )
    with writing_session() as session:
        row = session.scalars(select(ReadingRow).where(ReadingRow.id == reading_id).with_for_update()).one_or_none()
        if row is None or not build_record(row).is_refused:
            raise HistoryError("This picture is not refused, or no longer.", "Look at its reading again.")
        override_row(session, row, who, why)
        return build_record(row)


def override_row(session: Session, row: ReadingRow, who: str, why: str) -> None:
    """Keep an override in a transaction that goes on; the last thing it does, see ``store.append_audit_entry``."""
    row.override_who, row.override_why, row.override_at, row.gate = who, why, datetime.now(UTC), "overridden"
    append_audit_entry(session, "override", row.id, who=who, why=why, refusals=row.refusals)


def build_record(row: ReadingRow) -> ReadingRecord:
    """Return a row as it is handed out."""
    values = {field.name: getattr(row, field.name) for field in fields(ReadingRecord)}
    return ReadingRecord(**values | {"notes": tuple(row.notes), "refusals": tuple(row.refusals)})


def _find_same(session: Session, new: NewReading) -> ReadingRow | None:
    if new.request_key is None:
        return None
    return session.scalars(select(ReadingRow).where(ReadingRow.request_key == new.request_key)).one_or_none()


def _hash_exam(session: Session, radiograph: Radiograph) -> str:
    """Return what views of one exam have in common; in another database it is another."""
    if not radiograph.exam_sha256:
        return ""
    salt = session.scalar(select(AuditLogHeadRow.log_id)) or ""
    return hmac.new(salt.encode(), radiograph.exam_sha256.encode(), "sha256").hexdigest()[:32]


def _describe(new: NewReading) -> dict[str, Any]:
    radiograph, reading, found, decision = new.radiograph, new.reading, new.suitability, new.override
    refusals = list(found.list_words("refused"))
    texts = {
        "who": new.who,
        "name": new.name if get_settings().keep_patient_data else "",
        "correction": new.correction,
        "source_type": radiograph.source_type,
        "region": new.region or find_body_part(radiograph.details.get("body_part", "")).word,
        "view": radiograph.details.get("view", ""),
        "device": reading.device,
    }
    return {name: make_keepable(text).strip()[: _LONGEST[name]] for name, text in texts.items()} | {
        "request_key": new.request_key,
        "at": datetime.now(UTC),
        "source": new.source,
        "sha256": radiograph.sha256,
        "frame": new.frame,
        "width_px": radiograph.width_px,
        "height_px": radiograph.height_px,
        "model": reading.model,
        "model_sha256": reading.model_sha256,
        "label": reading.label,
        "call": reading.call,
        "p_fracture": reading.p_fracture,
        "threshold": reading.threshold,
        "negative_below": reading.points.high_sensitivity.threshold,
        "positive_from": reading.points.high_specificity.threshold,
        "notes": [*radiograph.warnings, *reading.notices, *found.list_words("look")],
        "refusals": refusals,
        "gate": "passed" if not refusals else "overridden" if decision else "refused",
        "override_who": decision.by[: _LONGEST["who"]] if decision else "",
        "override_why": decision.why if decision else "",
        "override_at": decision.at if decision else None,
        "elapsed_ms": new.elapsed_ms,
        "worklist_id": new.worklist_id,
        "item_number": new.item_number,
    }


def _tell(row: ReadingRow) -> list[tuple[AuditAction, str, str, dict[str, Any]]]:
    """Return the entries of the audit log."""
    said = {
        "source": row.source,
        "file_sha256": row.sha256,
        "frame": row.frame,
        "model": row.model,
        "model_sha256": row.model_sha256,
        "call": row.call,
        "p_fracture": row.p_fracture,
        "refusals": row.refusals,
    }
    told: list[tuple[AuditAction, str, str, dict[str, Any]]] = [("reading", row.id, row.who, said)]
    if row.override_at:
        told.append(("override", row.id, row.override_who, {"why": row.override_why, "refusals": row.refusals}))
    return told
