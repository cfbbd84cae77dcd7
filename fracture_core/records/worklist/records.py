"""A worklist and its items, as they are handed out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from fracture_core.reading import Withheld
from fracture_core.store import Call, ItemStatus, WorklistSource

STATUSES: tuple[ItemStatus, ...] = get_args(ItemStatus)


@dataclass(frozen=True)
class ItemOverride:
    """Who wants a refused picture's reading all the same, why, and since when (UTC)."""

    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class WorklistItem(Withheld):
    """One file of a worklist.

    Attributes:
        number: 1 for the first file; stays.
        name: as the person who gave the file knows it.
        path: below the worklist's folder.
        reason: why it failed.
        sha256: of the file, once read.
        study: tells which items are views of one exam: a salted hash of the Study Instance UID, or a mark given by
            hand; empty where the file stands alone.
        study_by: "header", "hand" or "".
        region: body part, in plain words; empty where it is not known.
        view: of the header, such as "AP".
        label, call, p_fracture: what the model says; empty and None where nothing was read.
        notes: what a reader should know of the picture.
        refusals: why the picture should not be read; the reading is not shown until somebody overrides.
        elapsed_ms: from the file's bytes to its suitability; the network's part is its mean over the batch.
    """

    worklist_id: str
    number: int
    name: str
    path: str
    status: ItemStatus
    reason: str
    sha256: str
    study: str
    study_by: str
    region: str
    view: str
    source_type: str
    width_px: int | None
    height_px: int | None
    label: str
    call: Call | None
    p_fracture: float | None
    notes: tuple[str, ...]
    refusals: tuple[str, ...]
    override: ItemOverride | None
    elapsed_ms: float | None
    read_at: datetime | None

    @property
    def is_overridden(self) -> bool:
        return self.override is not None


@dataclass(frozen=True)
class WorklistProgress:
    """How far a worklist is.

    Attributes:
        waiting, done, failed: files; those in hand count as waiting.
        left: time until the last one is read, by the pace of the last ones; None where it is not known.
        last_at: when a file was last read, in UTC.
    """

    waiting: int
    done: int
    failed: int
    left: timedelta | None = None
    last_at: datetime | None = None

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.failed

    @property
    def share(self) -> float:
        """Return how much of it is read, in [0, 1]."""
        return 1 - self.waiting / self.total if self.total else 1.0


@dataclass(frozen=True)
class Worklist:
    """Radiographs that are read one after the other.

    Attributes:
        created_at: in UTC.
        source: how the files came: handed in, in a zip, from a folder of this machine, or from the PACS.
        folder: of the files where they stay where they are; empty where a copy is kept.
        left_out: files of the folder or zip that are no pictures by their names; of a study, what is no radiograph.
        model, model_sha256: the checkpoint that reads it, and the hash of its weights.
        stopped: somebody, or a problem, has stopped the reading.
        problem: why it cannot go on; empty otherwise.
    """

    id: str
    created_at: datetime
    title: str
    source: WorklistSource
    folder: str
    left_out: int
    model: str
    model_sha256: str
    stopped: bool
    problem: str
    progress: WorklistProgress
