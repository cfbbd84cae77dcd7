"""The Basic Application Level Confidentiality Profile (PS3.15 Annex E), applied at every depth of a data set.

The rules are those of the library dicom-anonymizer, by the standard's table of 2026c. It applies most of them to the
top of a data set only; here they are applied to every item of every sequence, and what its rules leave behind is
removed.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from threading import Lock
from typing import Any

from dicomanonymizer import simpledicomanonymizer as library
from dicomanonymizer.dicomfields_selector import dicom_anonymization_database_selector
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from fracture_core.base import DeidentificationError
from fracture_core.radiographs.intake.dicom_values import read_dicom_value

_TABLE = "dicomfields_2026c"
_MAX_ITEMS = 5_000
_TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_TIME_VRS = frozenset({"DA", "DT", "TM"})
_NO_DATE = {"DA": "19000101", "DT": "19000101000000", "TM": "000000"}
_KEPT_UIDS = (
    "ClassUID",
    "TransferSyntaxUID",
    "ContextUID",
    "SchemeUID",
    "ResourceUID",
)  # of kinds and tables, not of a patient
_IDENTIFYING_KEYWORDS = (
    "PatientName",
    "PatientID",
    "OtherPatientNames",
    "OtherPatientIDs",
    "PatientBirthName",
    "AccessionNumber",
)
_SHORTEST_IDENTIFIER = 4  # shorter words are found everywhere
_STANDARD_ROOT = "1.2.840.10008."
_lock = Lock()  # the library's table of replaced UIDs is one for the process

# A tag is a pair of numbers, or the four of a range of tags, as the library's table has them.
TagAction = Callable[[Dataset, Any], None]


def apply_profile(dataset: Dataset, replaced_uids: dict[str, str]) -> None:
    """Strip a data set in place and mark it as stripped; file meta information is not touched.

    Args:
        dataset: with all its elements.
        replaced_uids: from old UIDs to new ones; receives more, so that files of one study still belong together.

    Raises:
        DeidentificationError: it has more nested items than a radiograph can need.
    """
    identifiers = _find_identifiers(dataset)
    parts = [dataset, *_walk(dataset)]
    tables = dicom_anonymization_database_selector(_TABLE)
    with _lock:
        library.dictionary = replaced_uids
        try:
            for part in parts:
                library.anonymize_dataset(part, base_rules_gen=_list_rules)
        finally:
            library.dictionary = {}  # no UID of a patient stays in memory
    for part in [dataset, *_walk(dataset)]:
        _finish(part, tables, identifiers)
        _replace_other_uids(part, replaced_uids)
    _mark(dataset)


def _find_identifiers(dataset: Dataset) -> tuple[str, ...]:
    """Return the parts of a patient's names and ids, in lower case."""
    found: set[str] = set()
    for keyword in _IDENTIFYING_KEYWORDS:
        value = read_dicom_value(dataset, keyword)
        for text in value if isinstance(value, MultiValue) else [value or ""]:
            found |= {part.strip().lower() for part in str(text).replace("=", "^").split("^")}
    return tuple(part for part in found if len(part) >= _SHORTEST_IDENTIFIER)


def _holds_any(value: object, identifiers: Iterable[str]) -> bool:
    """Return whether a text, or one of several, holds one of the identifiers."""
    text = str(value).lower()
    return any(part in text for part in identifiers)


def _list_rules() -> dict[tuple[int, ...], TagAction]:
    return {tag: _or_remove(action) for tag, action in library.initialize_actions(_TABLE).items()}


def _or_remove(action: TagAction) -> TagAction:
    """Return the action; where the library cannot carry it out on a value, the element goes."""

    def act(dataset: Dataset, tag: Any) -> None:
        try:
            action(dataset, tag)
        except Exception:  # noqa: BLE001 - a value that pydicom cannot read, or a kind the library does not know
            if tag in dataset:
                del dataset[tag]

    return act


def _walk(dataset: Dataset) -> Iterator[Dataset]:
    """Yield every item of every sequence, however deep."""
    waiting, count = [dataset], 0
    while waiting:
        for element in list(waiting.pop()):
            if element.VR != "SQ":
                continue
            for item in element.value or []:
                count += 1
                if count > _MAX_ITEMS:
                    raise DeidentificationError(
                        "The DICOM file's header holds more nested items than a radiograph can need.",
                        "Export the radiograph again from the PACS.",
                    )
                waiting.append(item)
                yield item


def _finish(part: Dataset, tables: dict[str, list[tuple[int, ...]]], identifiers: tuple[str, ...]) -> None:
    """Remove what the library's rules leave: emptied dates, names in other places, elements that nobody knows."""
    # References to other images may go too: no radiograph needs them, and the library would leave them half empty.
    removed, emptied = {*tables["X_TAGS"], *tables["X_Z_U_STAR_TAGS"]}, {*tables["Z_TAGS"], *tables["X_Z_TAGS"]}
    for element in list(part):
        tag, key = element.tag, (element.tag.group, element.tag.element)
        is_known = dictionary_has_tag(tag) or repeater_has_tag(tag)
        if key in removed or tag.is_private or not is_known:
            del part[tag]
        elif key in emptied and element.VR in _TIME_VRS:
            element.value = ""
        elif element.VR in _TIME_VRS and str(element.value).startswith("0001"):
            element.value = _NO_DATE[element.VR]  # the library writes the year 1, which is no valid date
        elif element.VR == "PN" or (element.VR in _TEXT_VRS and _holds_any(element.value, identifiers)):
            element.value = ""


def _replace_other_uids(part: Dataset, replaced: dict[str, str]) -> None:
    """Replace UIDs that the table does not list, such as those of elements newer than it."""
    known = {*replaced.values()}
    for element in part:
        if element.VR != "UI" or not element.value or element.keyword.endswith(_KEPT_UIDS):
            continue
        values = [str(value) for value in (element.value if element.VM > 1 else [element.value])]
        new = [
            value
            if value in known or value.startswith(_STANDARD_ROOT)
            else replaced.setdefault(value, generate_uid(None))
            for value in values
        ]
        element.value = new if element.VM > 1 else new[0]


def _mark(dataset: Dataset) -> None:
    """Say in the data set what was done to it (PS3.3 C.7.1.1, C.12.1)."""
    profile, code = Dataset(), codes.DCM.BasicApplicationConfidentialityProfile
    profile.CodeValue, profile.CodingSchemeDesignator, profile.CodeMeaning = (
        code.value,
        code.scheme_designator,
        code.meaning,
    )
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = f"PS3.15 basic profile 2026c; dicom-anonymizer {version('dicom-anonymizer')}"
    dataset.DeidentificationMethodCodeSequence = [profile]
    dataset.LongitudinalTemporalInformationModified = "REMOVED"
