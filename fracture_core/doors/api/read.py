"""One reading for the API: decode, read, look through the gate, keep; what every other door does."""

import base64
import io
import time
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from PIL import Image
from sqlalchemy import select

from fracture_core.base import ApiError, CheckpointError, CheckpointNotFoundError
from fracture_core.doors.api.answers import Finding, Heatmap
from fracture_core.doors.api.request import ReadingRequest
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.radiographs import Radiograph, read_radiograph
from fracture_core.reading import (
    NewReading,
    Reading,
    ReadingRecord,
    Suitability,
    build_record,
    correct,
    get_predictor,
    get_suitability_check,
    override,
    record_reading,
)
from fracture_core.store import ReadingRow, has_database, reading_session


@dataclass(frozen=True)
class Done:
    """A reading that is kept.

    Attributes:
        findings, heatmap: as of ``answers.NewReading``.
        is_repeated: its key was answered before; nothing was kept now.
    """

    record: ReadingRecord
    findings: tuple[Finding, ...] | None
    heatmap: Heatmap | None
    is_repeated: bool


@dataclass(frozen=True)
class _Read:
    radiograph: Radiograph
    reading: Reading
    found: Suitability
    elapsed_ms: float


def read_and_keep(request: ReadingRequest) -> Done:
    """Read a request's file, and return when the reading is in the database.

    Raises:
        ApiError: the request's key was used for another request (409).
        FractureError: the file cannot be read, the model not be used, or the reading not be kept.
    """
    data = request.file.read()
    key = sha256(f"API/{request.asked.key}".encode()).hexdigest() if request.asked.key else None
    kept = _find_kept(key)
    if kept is not None:
        _check_same(kept, request, sha256(data).hexdigest())
    checkpoint = _find_model(request, kept)
    if checkpoint is None:
        return Done(kept, None, None, is_repeated=True)
    read = _read(data, request, checkpoint)
    record = kept or record_reading(_describe(request, read, key))
    _check_same(record, request, read.radiograph.sha256)  # of two that came at once, the first is the one that is kept
    is_shown = "heatmap" in request.asked.include and not record.is_refused
    return Done(
        record,
        tuple(Finding.of(finding) for finding in read.found.concerns),
        _encode_heatmap(read.reading.heatmap) if is_shown else None,
        is_repeated=kept is not None,
    )


def _find_kept(key: str | None) -> ReadingRecord | None:
    if key is None or not has_database():
        return None
    with reading_session() as session:
        row = session.scalars(select(ReadingRow).where(ReadingRow.request_key == key)).one_or_none()
        return build_record(row) if row else None


def _check_same(record: ReadingRecord, request: ReadingRequest, file_sha256: str) -> None:
    """Refuse a key that came with another request before."""
    fields = request.fields
    same = (record.sha256, record.frame, record.correction) == (file_sha256, fields.frame, fields.correction)
    same &= fields.checkpoint in ("", record.model)
    if record.refusals:
        came_with_it = record.override_at is not None and record.override_at <= record.at  # not added on a page since
        same &= (record.override_why if came_with_it else "") == fields.override.strip()
    if not same:
        raise ApiError(
            409,
            "This Idempotency-Key came with another file or other fields before.",
            "Give every radiograph a key of its own; repeat a key only to repeat its request.",
        )


def _find_model(request: ReadingRequest, kept: ReadingRecord | None) -> Checkpoint | None:
    """Return the model that is to read, or that has read; None where it has gone since."""
    if kept is None and request.fields.checkpoint:
        return find_checkpoint(request.fields.checkpoint)
    if kept is None:
        return _find_model_in_use()
    try:
        checkpoint = find_checkpoint(kept.model)
    except CheckpointError:
        return None
    return checkpoint if checkpoint.manifest.weights_sha256 == kept.model_sha256 else None


def _find_model_in_use() -> Checkpoint:
    try:
        return find_checkpoint()
    except CheckpointNotFoundError as error:  # nothing that was asked for is missing, but the server's own
        raise ApiError(503, error.problem, error.remedy) from error


def _read(data: bytes, request: ReadingRequest, checkpoint: Checkpoint) -> _Read:
    predictor, gate = (
        get_predictor(checkpoint),
        get_suitability_check(checkpoint),
    )  # loading is no part of the time a reading takes
    started_s = time.perf_counter()
    radiograph = correct(read_radiograph(data, frame=request.fields.frame), request.fields.correction)
    made = predictor.read(radiograph)
    found = gate.check(radiograph, made.features, read_features=lambda shown: predictor.read(shown).features)
    return _Read(radiograph, made, found, (time.perf_counter() - started_s) * 1000)


def _describe(request: ReadingRequest, read: _Read, key: str | None) -> NewReading:
    fields, found = request.fields, read.found
    decision = None
    if fields.override and found.is_refused:
        decision = override(found, by=fields.who, why=fields.override)
    return NewReading(
        source="API",
        radiograph=read.radiograph,
        reading=read.reading,
        suitability=found,
        elapsed_ms=read.elapsed_ms,
        who=fields.who,
        name=request.name,
        frame=fields.frame,
        correction=fields.correction,
        region=fields.region,
        override=decision,
        request_key=key,
    )


def _encode_heatmap(heatmap: np.ndarray) -> Heatmap:
    gray = np.rint(heatmap.clip(0.0, 1.0) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "PNG")
    return Heatmap(
        width_px=gray.shape[1], height_px=gray.shape[0], png_base64=base64.b64encode(buffer.getvalue()).decode()
    )
