"""The words that identify a patient, looked for where nobody expects them."""

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from fracture_core.radiographs.intake.dicom_values import read_value

_KEYWORDS = ("PatientName", "PatientID", "OtherPatientNames", "OtherPatientIDs", "PatientBirthName", "AccessionNumber")
_SHORTEST = 4  # shorter words are found everywhere


def find_identifiers(dataset: Dataset) -> tuple[str, ...]:
    """Return the parts of a patient's names and ids, in lower case."""
    found: set[str] = set()
    for keyword in _KEYWORDS:
        value = read_value(dataset, keyword)
        for text in value if isinstance(value, MultiValue) else [value or ""]:
            found |= {part.strip().lower() for part in str(text).replace("=", "^").split("^")}
    return tuple(part for part in found if len(part) >= _SHORTEST)


def holds_any(value: object, identifiers: Iterable[str]) -> bool:
    """Return whether a text, or one of several, holds one of the identifiers."""
    text = str(value).lower()
    return any(part in text for part in identifiers)
