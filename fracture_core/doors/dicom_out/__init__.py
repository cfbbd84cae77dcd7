"""DICOM objects about one reading, for the study that the radiograph came from."""

from fracture_core.doors.dicom_out.capture import build_capture
from fracture_core.doors.dicom_out.source import DicomSource, read_source
from fracture_core.doors.dicom_out.structured_report import build_structured_report

__all__ = ["DicomSource", "build_capture", "build_structured_report", "read_source"]
