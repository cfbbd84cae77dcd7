"""What a DICOM object about a radiograph takes from the radiograph's own header: patient, study, references.

This is the one place that holds a patient's data, in memory and only while an object is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import UID
from pydicom.valuerep import DA, TM

from fracture_core.base import NotDicomError, ReportError
from fracture_core.radiographs import detect_file_type, quiet_pydicom, read_anatomy, read_dicom_code, read_dicom_value

# Type 2 of the Patient and the General Study module (PS3.3 C.7.1.1, C.7.2.1): there, but may be empty.
_ALWAYS = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "StudyID",
    "AccessionNumber",
)
_IF_STATED = ("IssuerOfPatientID", "StudyDescription", "PatientIdentityRemoved", "DeidentificationMethod")
_REFERENCES = ("StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID")
_OTHERS = (
    "SpecificCharacterSet",
    "TimezoneOffsetFromUTC",
    "PatientOrientation",
    "BurnedInAnnotation",
    "Laterality",
    "ImageLaterality",
    "AnatomicRegionSequence",
)
_SEXES = ("M", "F", "O")


@dataclass(frozen=True, eq=False)
class DicomSource:
    """A radiograph's header, cut down to what an object about it needs.

    Attributes:
        dataset: patient, study and references; every text is Unicode, every value of its kind or empty.
        orientation: Patient Orientation; empty where it is not stated.
        laterality: "L", "R" or ""; see ``radiographs.intake.dicom_anatomy``.
        burned_in: Burned In Annotation: "YES", "NO" or "".
        timezone_offset: such as "-0400"; empty where it is not stated.
        sha256: of the file, in hexadecimal.
    """

    dataset: Dataset
    orientation: tuple[str, ...]
    laterality: str
    burned_in: str
    timezone_offset: str
    sha256: str

    def localise(self, at: datetime) -> datetime:
        """Return a time in the zone that the study's times are in, where the header states one."""
        if not self.timezone_offset:
            return at
        offset = datetime.strptime(self.timezone_offset, "%z").utcoffset()
        return at.astimezone(timezone(offset or timedelta()))


def read_source(data: bytes) -> DicomSource:
    """Read the header of a DICOM file that intake has read already.

    Raises:
        NotDicomError: the file is of another type.
        ReportError: the header does not say which study, series and image it is, so that nothing can refer to it.
    """
    if not data or detect_file_type(data) != "DICOM":
        raise NotDicomError(
            "Only a DICOM file can get a Secondary Capture or a Structured Report, and this is none.",
            "Ask for a PDF, or give the DICOM file from the PACS.",
        )
    with quiet_pydicom():
        try:
            tags = [*_ALWAYS, *_IF_STATED, *_REFERENCES, *_OTHERS]
            header = dcmread(BytesIO(data), stop_before_pixels=True, force=True, specific_tags=tags)
            return _cut_down(header, sha256(data).hexdigest())
        except ReportError:
            raise
        except Exception:  # noqa: BLE001 - not chained: pydicom's messages may quote the header
            raise ReportError(
                "The DICOM file's header cannot be used for an object about it.",
                "Export the radiograph again from the PACS.",
            ) from None


def _cut_down(header: Dataset, digest: str) -> DicomSource:
    dataset = Dataset()
    for keyword in _REFERENCES:
        setattr(dataset, keyword, _read_uid(header, keyword))
    for keyword in _ALWAYS:
        setattr(dataset, keyword, _read_checked(header, keyword))
    for keyword in _IF_STATED:
        if text := _read_checked(header, keyword):
            setattr(dataset, keyword, text)
    orientation = read_dicom_value(header, "PatientOrientation") or ()
    side = read_anatomy(header).side
    offset = str(read_dicom_value(header, "TimezoneOffsetFromUTC") or "").strip()
    return DicomSource(
        dataset=dataset,
        orientation=tuple(str(part) for part in orientation) if len(orientation) == 2 else (),
        laterality=side if side in ("L", "R") else "",
        burned_in=read_dicom_code(header, "BurnedInAnnotation"),
        timezone_offset=offset if _is_parsed(lambda: datetime.strptime(offset, "%z")) else "",
        sha256=digest,
    )


def _read_uid(header: Dataset, keyword: str) -> str:
    uid = UID(str(read_dicom_value(header, keyword) or ""))
    if not uid and keyword.startswith("SOP") and hasattr(header, "file_meta"):
        uid = UID(str(header.file_meta.get(f"MediaStorage{keyword}") or ""))
    if not uid or not uid.is_valid:
        what = {"StudyInstanceUID": "study", "SeriesInstanceUID": "series"}.get(keyword, "image")
        raise ReportError(
            f"The DICOM file does not say which {what} it is ({keyword} is missing or unusable), so that a PACS could "
            "not file an object about it.",
            "Export the radiograph again from the PACS, or ask for a PDF.",
        )
    return str(uid)


def _read_checked(header: Dataset, keyword: str) -> str:
    """Return a text as Unicode; a date, time or sex that is none becomes empty, which these attributes may be."""
    text = str(read_dicom_value(header, keyword) or "").strip()
    if keyword.endswith("Date") and not _is_parsed(lambda: DA(text)):
        return ""
    if keyword.endswith("Time") and not _is_parsed(lambda: TM(text)):
        return ""
    return "" if keyword == "PatientSex" and text not in _SEXES else text


def _is_parsed(parse: Callable[[], object]) -> bool:
    try:
        return parse() is not None
    except (ValueError, TypeError):
        return False
