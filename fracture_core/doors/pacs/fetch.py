"""The radiographs of one study, by WADO-RS, one object after the other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dicomweb_client.api import DICOMwebClient
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.base import CountProgress, DatasetError, PacsError, get_settings, write_atomically
from fracture_core.datasets import check_free_space
from fracture_core.doors.pacs.client import connect, telling
from fracture_core.doors.pacs.find import check_study_uid
from fracture_core.radiographs import read_dicom_code, read_dicom_value

# Projection radiographs (PS3.3 A.2, A.26).
RADIOGRAPHS = (
    uid.ComputedRadiographyImageStorage,
    uid.DigitalXRayImageStorageForPresentation,
    uid.DigitalXRayImageStorageForProcessing,
)
_PAGE = 500
_AS_STORED = (("application/dicom", "*"),)


@dataclass(frozen=True)
class FetchedFile:
    """A file in the folder: its path, and a name that says nothing of a patient."""

    path: Path
    name: str


@dataclass(frozen=True)
class FetchedStudy:
    """What was fetched.

    Attributes:
        left_out: how many objects of other kinds the study has, by kind.
    """

    files: tuple[FetchedFile, ...]
    left_out: Mapping[str, int]


def fetch_study(study_uid: str, folder: Path, tell: CountProgress | None = None) -> FetchedStudy:
    """Fetch a study's radiographs into a folder, under numbers, as the PACS has them encoded.

    Raises:
        PacsError: the PACS cannot be asked, the study has no radiograph, too many, or one that is too large.
        DatasetError: the disk has no room.
    """
    study_uid, settings, client = check_study_uid(study_uid), get_settings(), connect()
    listed = _list_objects(client, study_uid)
    wanted = [each for each in listed if each.SOPClassUID in RADIOGRAPHS]
    left_out = Counter(_name_kind(each) for each in listed if each.SOPClassUID not in RADIOGRAPHS)
    if not wanted:
        raise _explain_empty(left_out)
    if len(wanted) > settings.max_worklist_files:
        raise PacsError(
            f"The study has {len(wanted):,} radiographs; at most {settings.max_worklist_files:,} are taken.",
            "Raise max_worklist_files in the settings.",
        )
    files = []
    for number, each in enumerate(sorted(wanted, key=_find_place), 1):
        data = _fetch(client, study_uid, each)
        check_free_space(folder, len(data), "Keeping the radiograph")
        path = folder / str(number)
        try:
            write_atomically(path, data)
        except OSError as error:
            raise DatasetError(f"A radiograph cannot be kept ({error.strerror}).", "Check the state folder.") from None
        files.append(FetchedFile(path, f"{read_dicom_code(each, 'Modality') or 'image'}-{number}.dcm"))
        if tell:
            tell(number, len(wanted))
    return FetchedStudy(tuple(files), dict(left_out))


def word_left_out(left_out: Mapping[str, int]) -> str:
    """Return what was left out, such as "2 x CT Image"; empty where nothing was."""
    return ", ".join(f"{count:,} x {kind}" for kind, count in sorted(left_out.items()))


def _list_objects(client: DICOMwebClient, study_uid: str) -> list[Dataset]:
    """Return the study's objects; a PACS that gives them page by page is asked again until nothing new comes."""
    found: dict[str, Dataset] = {}
    fields = ("SOPClassUID", "SeriesNumber", "InstanceNumber", "Modality")
    with telling():
        while True:
            before = len(found)
            answers = client.search_for_instances(study_uid, limit=_PAGE, offset=before, fields=fields)
            for answer in answers:
                each = Dataset.from_json(answer)
                found.setdefault(str(each.SOPInstanceUID), each)
                each.setdefault("SOPClassUID", "")
            if len(found) == before or len(answers) < _PAGE:
                return list(found.values())


def _fetch(client: DICOMwebClient, study_uid: str, listed: Dataset) -> bytes:
    with telling():
        sent = client.retrieve_instance(study_uid, listed.SeriesInstanceUID, listed.SOPInstanceUID, _AS_STORED)
        if (sent.get("StudyInstanceUID"), sent.get("SOPInstanceUID")) != (study_uid, listed.SOPInstanceUID):
            raise PacsError("The PACS sends another object than was asked for.", "Ask who runs it.")
        data = sent.buffer.getvalue()  # the bytes as they came: the file's hash is the same by every way in
    if len(data) > get_settings().max_file_bytes:
        raise PacsError("A radiograph of the study is larger than is taken.", "Raise max_file_bytes in the settings.")
    result: bytes = data
    return result


def _find_place(listed: Dataset) -> tuple[int, int, str]:
    numbers = [read_dicom_value(listed, keyword) for keyword in ("SeriesNumber", "InstanceNumber")]
    series, instance = (int(str(number)) if str(number).isdigit() else 0 for number in numbers)
    return series, instance, str(listed.SOPInstanceUID)


def _name_kind(listed: Dataset) -> str:
    name = uid.UID(str(listed.SOPClassUID)).name
    return "unknown kind" if name[:1].isdigit() or not name else name.removesuffix(" Storage")


def _explain_empty(left_out: Mapping[str, int]) -> PacsError:
    if left_out:
        return PacsError(
            f"The study has no radiograph (CR or DX), only {word_left_out(left_out)}.", "Choose another study."
        )
    return PacsError("The PACS has no object of this study.", "Search for it again.")
