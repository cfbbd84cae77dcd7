"""Reading one object that came by DICOM: gate, model, row in the history, and what goes back."""

import time
from dataclasses import dataclass, replace
from hashlib import sha256

from fracture_core.doors.pacs.results import make_results
from fracture_core.doors.report.build import build_report
from fracture_core.networks import find_checkpoint
from fracture_core.radiographs import Radiograph, read_radiograph
from fracture_core.reading import (
    NewReading,
    ReadingRecord,
    get_predictor,
    get_suitability_check,
    identify_checkpoint,
    record_reading,
    word_override,
)


@dataclass(frozen=True, eq=False)
class ReadObject:
    """What became of it; ``results`` is empty where the gate refused the picture."""

    record: ReadingRecord
    results: tuple[bytes, ...]


def read_object(object_id: str, data: bytes, peer: str) -> ReadObject:
    """Read an object, keep its reading, and make what goes back. Done again with the same model, nothing is doubled.

    Raises:
        IntakeError: it cannot be read as a radiograph.
        ReportError: its header does not say where results belong; the reading is kept all the same.
        CheckpointError, DeviceError, StoreError: nothing can be read now.
    """
    started_s = time.perf_counter()
    checkpoint = find_checkpoint()
    predictor, gate = get_predictor(checkpoint), get_suitability_check(checkpoint)
    radiograph = _say_frames(replace(read_radiograph(data), full_depth=None))
    reading = predictor.read(radiograph)
    found = gate.check(radiograph, reading.features, read_features=lambda shown: predictor.read(shown).features)
    record = record_reading(
        NewReading(
            source="PACS",
            radiograph=radiograph,
            reading=reading,
            suitability=found,
            elapsed_ms=(time.perf_counter() - started_s) * 1000,
            who=peer,
            request_key=sha256(f"DICOM/{object_id}/{identify_checkpoint(checkpoint)}".encode()).hexdigest(),
        )
    )
    if record.is_refused:
        return ReadObject(record, ())
    notes = (*radiograph.warnings, *found.list_words("look"), *_say_override(record))
    report = build_report(replace(radiograph, warnings=notes), reading, checkpoint, at=record.at.astimezone())
    return ReadObject(record, make_results(report, data, record.id))


def _say_frames(radiograph: Radiograph) -> Radiograph:
    if radiograph.frame_count == 1:
        return radiograph
    note = f"The file has {radiograph.frame_count} frames; the first one was read."
    return replace(radiograph, warnings=(*radiograph.warnings, note))


def _say_override(record: ReadingRecord) -> tuple[str, ...]:
    if record.override_at is None:
        return ()
    return (word_override(record.refusals, record.override_who, record.override_why),)
