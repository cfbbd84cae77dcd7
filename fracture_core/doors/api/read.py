"""One reading for the API: the act of reading, held to the key that a request may come with."""

import base64
import io
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from PIL import Image

from fracture_core.base import ApiError, CheckpointError, CheckpointNotFoundError, RequestKeyError
from fracture_core.doors.api.answers import Finding, Heatmap
from fracture_core.doors.api.request import ReadingRequest
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.reading import (
    ReadingRecord,
    ReadRequest,
    build_request_key,
    check_same_request,
    find_by_request_key,
    read_file,
)


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


def read_and_keep(request: ReadingRequest) -> Done:
    """Read a request's file, and return when the reading is in the database.

    Raises:
        ApiError: the request's key was used for another request (409).
        FractureError: the file cannot be read, the model not be used, or the reading not be kept.
    """
    data = request.file.read()
    key = build_request_key("API", request.asked.key) if request.asked.key else None
    kept = find_by_request_key(key)
    if kept is not None:
        _check_same(kept, request, sha256(data).hexdigest())
    checkpoint = _find_model(request, kept)
    if checkpoint is None:
        assert kept is not None  # a model is missing only where a kept reading named it
        return Done(kept, None, None, is_repeated=True)
    read = read_file(data, _ask(request, checkpoint, key, is_kept=kept is None))
    record = kept or read.record
    assert record is not None  # as it was asked to be kept
    _check_same(record, request, read.radiograph.sha256)  # of two that came at once, the first is the one that is kept
    is_shown = "heatmap" in request.asked.include and not record.is_refused
    return Done(
        record,
        tuple(Finding.of(finding) for finding in read.suitability.concerns),
        _encode_heatmap(read.reading.heatmap) if is_shown else None,
        is_repeated=kept is not None,
    )


def _ask(request: ReadingRequest, checkpoint: Checkpoint, key: str | None, *, is_kept: bool) -> ReadRequest:
    fields = request.fields
    return ReadRequest(
        checkpoint,
        "API",
        who=fields.who,
        name=request.name,
        frame=fields.frame,
        correction=fields.correction,
        region=fields.region,
        override_why=fields.override,
        request_key=key,
        is_kept=is_kept,
    )


def _check_same(record: ReadingRecord, request: ReadingRequest, file_sha256: str) -> None:
    """Refuse a key that came with another request before."""
    fields = request.fields
    try:
        check_same_request(
            record, file_sha256, fields.frame, fields.correction, fields.override, model=fields.checkpoint
        )
    except RequestKeyError as error:
        raise ApiError(
            409,
            "This Idempotency-Key came with another file or other fields before.",
            "Give every radiograph a key of its own; repeat a key only to repeat its request.",
        ) from error


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


def _encode_heatmap(heatmap: np.ndarray) -> Heatmap:
    gray = np.rint(heatmap.clip(0.0, 1.0) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "PNG")
    return Heatmap(
        width_px=gray.shape[1], height_px=gray.shape[0], png_base64=base64.b64encode(buffer.getvalue()).decode()
    )
