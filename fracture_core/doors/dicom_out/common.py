"""What both objects share: the maker's name, the time, the same silence about what a header says."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from traceback import extract_tb
from typing import Any
from uuid import UUID, uuid5

from highdicom import UID
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core import __version__
from fracture_core.base import FractureError, ReportError, get_settings
from fracture_core.doors.dicom_out.source import DicomSource
from fracture_core.doors.report.build import Report
from fracture_core.radiographs import quiet_pydicom

PRODUCT = "fracture_core"
_SINGLE_FRAME = frozenset(
    {
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.DigitalXRayImageStorageForProcessing,
        uid.DigitalMammographyXRayImageStorageForPresentation,
        uid.DigitalMammographyXRayImageStorageForProcessing,
        uid.DigitalIntraOralXRayImageStorageForPresentation,
        uid.DigitalIntraOralXRayImageStorageForProcessing,
        uid.SecondaryCaptureImageStorage,
    }
)
_NAMESPACE = UUID("6f1f1bd2-6d0c-4a43-9b1b-6b6f0a1c9d37")  # of the UIDs made here
# highdicom's log messages quote UIDs and names.
logging.getLogger("highdicom").setLevel(logging.CRITICAL + 1)


def make_uid(identity: str, role: str) -> UID:
    """Return a new UID, or, of a reading that has an identity, the same one every time (PS3.5 B.2).

    Args:
        identity: what tells the reading from all others; may be empty.
        role: what the UID is for, such as "SR series".
    """
    return UID(f"2.25.{uuid5(_NAMESPACE, f'{identity}/{role}').int}") if identity else UID()


def describe_maker(report: Report, source: DicomSource) -> dict[str, Any]:
    """Return what highdicom is to write into every object: maker, model, version, time, character set."""
    at = source.localise(report.at)
    return {
        "manufacturer": get_settings().dicom_manufacturer,
        "manufacturer_model_name": PRODUCT,
        "software_versions": f"{PRODUCT} {__version__}",
        "content_date": at.date(),
        "content_time": at.time().replace(microsecond=0),
        "series_date": at.date(),
        "series_time": at.time().replace(microsecond=0),
        "specific_character_set": "ISO_IR 192",
    }


def find_frame_number(report: Report, source: DicomSource) -> int | None:
    """Return the frame to refer to, from 1; None for kinds of image that may not be referred to by frame."""
    is_single = report.radiograph.frame_count == 1 or source.dataset.SOPClassUID in _SINGLE_FRAME
    return None if is_single else report.radiograph.frame_index + 1


def check_match(report: Report, source: DicomSource) -> None:
    """Raise ReportError where the header is another file's than the reading."""
    if report.radiograph.sha256 != source.sha256:
        raise ReportError("The reading is of another file than the header.", "Read the radiograph again.")


def encode(build: Callable[[], Dataset], report: Report, source: DicomSource) -> bytes:
    """Return the file of the object that ``build`` makes."""
    with _guard():
        dataset = build()
        at = source.localise(report.at)  # highdicom takes the clock's time, whatever zone the study is in
        dataset.InstanceCreationDate, dataset.InstanceCreationTime = at.strftime("%Y%m%d"), at.strftime("%H%M%S")
        for item in dataset.get("ContributingEquipmentSequence", []):
            item.ContributionDateTime = at.strftime("%Y%m%d%H%M%S")
        for keyword in ("IssuerOfPatientID", "StudyDescription", "PatientIdentityRemoved", "DeidentificationMethod"):
            if keyword in source.dataset:
                setattr(dataset, keyword, source.dataset[keyword].value)
        if source.timezone_offset:
            dataset.TimezoneOffsetFromUTC = source.timezone_offset
        stream = BytesIO()
        dataset.save_as(stream, enforce_file_format=True)
        return stream.getvalue()


@contextmanager
def _guard() -> Iterator[None]:
    """Turn a library's error into one without its message, which may quote the header."""
    with quiet_pydicom():
        try:
            yield
        except FractureError:
            raise
        except Exception as error:  # noqa: BLE001 - what the library says may quote the header
            last = extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            raise ReportError(
                f"The DICOM object could not be made from this file's header ({where}).",
                "Ask for a PDF, and tell whoever runs this app what stands in brackets.",
            ) from None
