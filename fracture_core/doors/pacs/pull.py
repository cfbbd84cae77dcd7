"""A study of the PACS becomes a worklist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fracture_core.base import CountProgress
from fracture_core.doors.pacs.fetch import FetchedStudy, fetch_study
from fracture_core.networks import Checkpoint
from fracture_core.records import Gathered, create_from_pacs


@dataclass(frozen=True)
class PulledStudy:
    """The worklist that was made, and the objects of other kinds that were left out, by kind."""

    worklist_id: str
    radiographs: int
    left_out: Mapping[str, int]


def pull_study(
    study_uid: str, checkpoint: Checkpoint, *, title: str = "", tell: CountProgress | None = None
) -> PulledStudy:
    """Fetch a study's radiographs into a new worklist; neither the study's UID nor its patient is kept with it.

    Raises:
        PacsError: the PACS cannot be asked, or the study has nothing to be read.
        DatasetError: the disk has no room.
        WorklistError, StoreError: the list cannot be kept.
    """
    fetched: list[FetchedStudy] = []

    def gather(folder: Path) -> tuple[list[Gathered], int]:
        study = fetch_study(study_uid, folder, tell)
        fetched.append(study)
        return [Gathered(file.name, file.path.name) for file in study.files], sum(study.left_out.values())

    title = title or f"From the PACS, {datetime.now():%d %b %H:%M}"
    worklist_id = create_from_pacs(gather, checkpoint, title=title)
    return PulledStudy(worklist_id, len(fetched[0].files), fetched[0].left_out)
