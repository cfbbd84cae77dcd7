"""Readings and what people say of them, written as the app does, without reading anything."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import update

from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Reading
from fracture_core.reading.history.record import NewReading, record_reading
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.reading.suitability.findings import Finding, Suitability
from fracture_core.records.feedback.records import Feedback
from fracture_core.records.feedback.write import give_feedback
from fracture_core.store.database import writing_session
from fracture_core.store.tables import ReadingRow
from fracture_core.store.words import Call

POINTS = OperatingPoints(high_sensitivity=OperatingPoint(threshold=0.2), high_specificity=OperatingPoint(threshold=0.7))
THRESHOLD = 0.4
P_OF: dict[Call, float] = {"positive": 0.9, "uncertain": 0.5, "negative": 0.1}
REFUSED = Suitability((Finding("chest", "refused", "It shows a chest.", "Hand in a limb."),))


def make_reading(
    call: Call = "positive",
    *,
    key: object = None,
    p: float | None = None,
    region: str = "wrist",
    at: datetime | None = None,
    model: str = "tiny",
    model_sha256: str = "a" * 64,
    suitability: Suitability | None = None,
    data: bytes | None = None,
    **changes: Any,
) -> ReadingRecord:
    """Record a reading of that call.

    Args:
        key: what tells its file from others; each reading is of its own file without one.
        p: probability; one that the call fits by default.
        at: when it was read; now by default.
        data: a file whose picture is kept, where the settings allow it.
    """
    p = P_OF[call] if p is None else p
    read = Reading(
        "fractured" if p >= THRESHOLD else "not fractured",
        call,
        p,
        THRESHOLD,
        POINTS,
        np.zeros((4, 4), np.float32),
        model,
        model_sha256,
        12.5,
        "cpu",
    )
    radiograph = read_radiograph(data) if data else Radiograph(np.zeros((30, 20), np.float32), "PNG")
    if not data:
        radiograph = replace(radiograph, sha256=sha256(repr(uuid4() if key is None else key).encode()).hexdigest())
    kept = record_reading(
        NewReading(
            radiograph=radiograph,
            reading=read,
            suitability=suitability or Suitability(()),
            elapsed_ms=80.0,
            **{"source": "page", "who": "Ada", "region": region} | changes,
        )
    )
    if at:
        with writing_session() as session:
            session.execute(update(ReadingRow).where(ReadingRow.id == kept.id).values(at=at.astimezone(UTC)))
    return kept


def judge(record: ReadingRecord, label: int, who: str = "Ben", **changes: Any) -> Feedback:
    """Say what a reading's radiograph shows; whether that agrees with the call follows from it."""
    called = {"positive": 1, "negative": 0}.get(record.call)
    agrees = None if called is None else called == label
    return give_feedback(record.id, who=who, agrees=agrees, label=label, **changes)
