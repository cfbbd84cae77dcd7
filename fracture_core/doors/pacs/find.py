"""Studies of the PACS, by QIDO-RS. What is asked for and what is found is neither logged nor kept."""

from dataclasses import dataclass
from datetime import date

from dicomweb_client.api import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.uid import UID
from pydicom.valuerep import DA

from fracture_core.base import PacsError
from fracture_core.doors.pacs.client import connect, telling
from fracture_core.radiographs import read_dicom_value

MOST_STUDIES = 50
_LONGEST = 64
_FIELDS = ("ModalitiesInStudy", "StudyDescription", "NumberOfStudyRelatedInstances", "PatientName", "PatientID")


@dataclass(frozen=True)
class StudyFilters:
    """What to search for; at least one is given.

    Attributes:
        study_uid, accession_number, patient_id: whole, without wildcards.
        date_from, date_to: of the study, both included.
        modality: such as "DX"; narrows down what another filter finds.
    """

    study_uid: str = ""
    accession_number: str = ""
    patient_id: str = ""
    date_from: date | None = None
    date_to: date | None = None
    modality: str = ""


@dataclass(frozen=True)
class FoundStudy:
    """One study. Patient data: to be shown to who searched, and forgotten.

    Attributes:
        uid: as the PACS has it; ``check_study_uid`` says whether it can be asked for.
        on: date of the study; None where it is not stated.
        objects: how many there are; None where the PACS does not say.
    """

    uid: str
    accession_number: str
    on: date | None
    description: str
    modalities: tuple[str, ...]
    objects: int | None
    patient_name: str
    patient_id: str


def find_studies(filters: StudyFilters) -> list[FoundStudy]:
    """Return studies, the latest first, at most ``MOST_STUDIES``.

    Raises:
        PacsError: nothing is searched for, a filter is not usable, or the PACS cannot be asked.
    """
    wanted = _word_filters(filters)
    client = connect()
    with telling():
        answers = client.search_for_studies(limit=MOST_STUDIES, fields=_FIELDS, search_filters=wanted)
        found = [_build(Dataset.from_json(answer)) for answer in answers]
    return sorted(found, key=lambda study: study.on or date.min, reverse=True)[:MOST_STUDIES]


def check_access(client: DICOMwebClient | None = None) -> None:
    """Raise PacsError where the PACS cannot be asked."""
    client = client or connect()
    with telling():
        client.search_for_studies(limit=1, search_filters={"StudyInstanceUID": "2.25.0"})


def check_study_uid(text: str) -> str:
    """Return a Study Instance UID without what surrounds it.

    Raises:
        PacsError: it is none.
    """
    uid = UID(text.strip())
    if not uid or not uid.is_valid:
        raise PacsError("This is no Study Instance UID.", "It has digits and dots, at most 64 in all.")
    return str(uid)


def _word_filters(filters: StudyFilters) -> dict[str, str]:
    wanted: dict[str, str] = {}
    if filters.study_uid.strip():
        wanted["StudyInstanceUID"] = check_study_uid(filters.study_uid)
    for keyword, text in (("AccessionNumber", filters.accession_number), ("PatientID", filters.patient_id)):
        if text.strip():
            wanted[keyword] = _check_text(text)
    if filters.date_from or filters.date_to:
        if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
            raise PacsError("The first day is after the last one.", "Change one of them.")
        wanted["StudyDate"] = "-".join(f"{day:%Y%m%d}" if day else "" for day in (filters.date_from, filters.date_to))
    if not wanted:
        raise PacsError("Nothing is searched for.", "Give an accession number, a study UID, a patient id or a date.")
    if filters.modality.strip():
        wanted["ModalitiesInStudy"] = _check_text(filters.modality).upper()
    return wanted


def _check_text(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST or set(text) & set("*?\\") or not text.isprintable():
        raise PacsError("A number is searched for whole.", "Leave out *, ? and \\; it has at most 64 letters.")
    return text


def _build(study: Dataset) -> FoundStudy:
    modalities = read_dicom_value(study, "ModalitiesInStudy") or ()
    objects = str(read_dicom_value(study, "NumberOfStudyRelatedInstances") or "")
    return FoundStudy(
        uid=str(read_dicom_value(study, "StudyInstanceUID") or ""),
        accession_number=str(read_dicom_value(study, "AccessionNumber") or ""),
        on=_read_date(str(read_dicom_value(study, "StudyDate") or "")),
        description=str(read_dicom_value(study, "StudyDescription") or ""),
        modalities=(modalities,) if isinstance(modalities, str) else tuple(str(each) for each in modalities),
        objects=int(objects) if objects.isdigit() else None,
        patient_name=str(read_dicom_value(study, "PatientName") or "").replace("^", " ").strip(),
        patient_id=str(read_dicom_value(study, "PatientID") or ""),
    )


def _read_date(text: str) -> date | None:
    try:
        return DA(text) or None
    except ValueError:
        return None
