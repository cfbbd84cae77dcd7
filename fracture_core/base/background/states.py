"""What is done in the background, and how it stands: one small file each, written by whoever is at work."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from fracture_core.base.errors import StateUnwritableError
from fracture_core.base.files import write_json
from fracture_core.base.settings import get_settings

TaskKind = Literal["evaluation", "neighbours"]
TaskStatus = Literal["starting", "running", "finished", "failed", "cancelled"]
START_GRACE_S = 120.0  # from being started to holding the lock, on a machine under load
_GONE = "It was broken off: somebody ended its process, the machine was restarted, or memory was short."
_GONE_REMEDY = "Start it again."
_probing = threading.Lock()  # two threads of one process that probe at once would take each other for the worker


class BackgroundTask(BaseModel):
    """What is done.

    Attributes:
        checkpoint, weights_sha256: the model; a run's name may become another, the weights stay.
        data, split, as_published: of an evaluation; a data set's name or folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: TaskKind
    checkpoint: str
    weights_sha256: str
    data: str = ""
    split: str = ""
    as_published: bool = False

    @property
    def key(self) -> str:
        """A name for its files; the same for the same weights and data."""
        data = Path(self.data).name  # as evaluations are kept
        parts = (self.kind, self.weights_sha256, data, self.split, str(self.as_published))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


class TaskState(BaseModel):
    """How it stands.

    Attributes:
        what, done, total: the stage, and how much of it.
        left_s: what the last minute's speed makes of the rest of the stage; None while that is not known.
        error: class of the error that ended it, so that a page may word its own remedy.
        updated_at: seconds since 1970.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: BackgroundTask
    status: TaskStatus = "starting"
    what: str = "Starting"
    done: int = 0
    total: int = 0
    left_s: float | None = None
    problem: str = ""
    remedy: str = ""
    error: str = ""
    updated_at: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether somebody is at work on it, or about to be."""
        return self.status in ("starting", "running")


def find_folder() -> Path:
    """Return the folder of all tasks."""
    return get_settings().state_dir / "background"


def find_path(key: str, suffix: str) -> Path:
    """Return one of a task's files: ``json``, ``log``, ``lock`` or ``cancel``."""
    return find_folder() / (f"{key}.{suffix}" if suffix in ("json", "log") else f".{key}.{suffix}")


def write_state(state: TaskState) -> None:
    """Write how a task stands, atomically.

    Raises:
        OSError: the disk does not allow it.
    """
    stamped = state.model_copy(update={"updated_at": time.time()})
    write_json(find_path(state.task.key, "json"), stamped.model_dump(mode="json"))


def read_task(task: BackgroundTask) -> TaskState | None:
    """Return how a task stands now; None where it was never begun, or its end was dismissed.

    One whose process has gone without a word is told as failed.
    """
    return _read(task.key)


def list_tasks(kind: TaskKind, weights_sha256: str) -> list[TaskState]:
    """Return what is or was done with a model, the latest first."""
    keys = [path.stem for path in find_folder().glob("*.json")]
    found = [state for key in keys if (state := _read(key))]
    wanted = [state for state in found if (state.task.kind, state.task.weights_sha256) == (kind, weights_sha256)]
    return sorted(wanted, key=lambda state: -state.updated_at)


def _read(key: str) -> TaskState | None:
    state = _load(key)
    if state is None or not state.is_active or is_held(key):
        return state
    state = _load(key)  # it may have ended since that look
    if state is None or not state.is_active:
        return state
    if state.status == "starting" and abs(time.time() - state.updated_at) < START_GRACE_S:
        return state
    return state.model_copy(update={"status": "failed", "problem": _GONE, "remedy": _GONE_REMEDY})


def _load(key: str) -> TaskState | None:
    with suppress(OSError, ValidationError):  # gone since, or of another version: as if it had never been
        return TaskState.model_validate_json(find_path(key, "json").read_bytes())
    return None


def is_held(key: str) -> bool:
    """Return whether a process is at work on a task, whatever its file says."""
    path = find_path(key, "lock")
    if not path.exists():
        return False
    with _probing:
        try:
            with FileLock(path, timeout=0):
                return False
        except Timeout:
            return True
        except OSError:  # a folder that cannot be written to holds no worker either
            return False


@contextmanager
def telling_unwritable() -> Iterator[None]:
    """Turn an ``OSError`` into an error that names the state folder."""
    try:
        yield
    except OSError as error:
        raise StateUnwritableError(
            f"The folder {find_folder()} cannot be written ({error.strerror or error}).",
            "Make room on its disk, or let the app write there: it keeps its work in the setting state_dir.",
        ) from error
