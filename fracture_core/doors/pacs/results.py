"""What goes back to the PACS about one reading: a Secondary Capture and a Structured Report."""

import json
from dataclasses import asdict
from hashlib import sha256

from fracture_core.doors.dicom_out.capture import build_capture
from fracture_core.doors.dicom_out.source import read_source
from fracture_core.doors.dicom_out.structured_report import build_structured_report
from fracture_core.doors.report.build import Report


def make_results(report: Report, data: bytes, identity: str = "") -> tuple[bytes, bytes]:
    """Return the files of both objects, for the study of the radiograph.

    Args:
        report: about the radiograph.
        data: its DICOM file.
        identity: of the reading; made from what the report says where it is empty. Of one identity, both objects have
            the same UIDs every time, so that sent again they are not there twice.

    Raises:
        NotDicomError: the file is of another type.
        ReportError: its header does not say which study it belongs to.
    """
    source, identity = read_source(data), identity or identify_report(report)
    return (
        build_capture(report, source, identity=identity),
        build_structured_report(report, source, identity=identity),
    )


def identify_report(report: Report) -> str:
    """Return a hash of all that a report says but its time."""
    radiograph, reading = report.radiograph, report.reading
    said = {
        "file": radiograph.sha256,
        "frame": radiograph.frame_index,
        "notes": radiograph.warnings,
        "model": reading.model_sha256,
        "points": [point.threshold for point in (reading.points.high_sensitivity, reading.points.high_specificity)],
        "p": round(reading.p_fracture, 4),
        "body part": report.meaning.body_part,
        "statement": asdict(report.statement) if report.statement else None,
    }
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
