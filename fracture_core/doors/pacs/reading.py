"""Reading one object that came by DICOM, and what goes back.

Apart: the one place where the act of reading meets what goes back.
"""

from dataclasses import dataclass

from fracture_core.doors.pacs.results import make_results
from fracture_core.doors.report.build import build_report
from fracture_core.networks import find_checkpoint, identify_checkpoint
from fracture_core.reading import ReadingRecord, ReadRequest, build_request_key, read_file


@dataclass(frozen=True, eq=False)
class ReadObject:
    """What became of it; ``results`` is empty where the picture was refused."""

    record: ReadingRecord
    results: tuple[bytes, ...]


def read_object(object_id: str, data: bytes, peer: str) -> ReadObject:
    """Read an object, keep its reading, and make what goes back. Done again with the same model, nothing is doubled.

    Raises:
        IntakeError: it cannot be read as a radiograph.
        ReportError: its header does not say where results belong; the reading is kept all the same.
        CheckpointError, DeviceError, StoreError: nothing can be read now.
    """
    checkpoint = find_checkpoint()
    key = build_request_key("DICOM", object_id, identify_checkpoint(checkpoint))
    read = read_file(data, ReadRequest(checkpoint, "PACS", who=peer, request_key=key, is_kept=True))
    record = read.record
    assert record is not None  # as it was asked to be kept
    if record.is_refused:
        return ReadObject(record, ())
    report = build_report(read.annotate(), read.reading, checkpoint, at=record.at.astimezone())
    return ReadObject(record, make_results(report, data, record.id))
