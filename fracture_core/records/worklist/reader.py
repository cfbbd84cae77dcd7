"""Reading a worklist: by one reader at a time, from whichever process and session, until all is read.

The reader holds a file lock in the worklist's folder, which the system frees when its process ends, however it
ends. What is read is a row at once; of a reader that is killed, only the files in hand are read again.
"""

import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from fracture_core.base import FractureError, StoreBusyError, WorklistError, log_incident
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.radiographs import find_body_part, read_file_bytes
from fracture_core.reading import (
    LoadedCheckpoint,
    NotRead,
    Predictor,
    ReadFile,
    ReadRequest,
    SuitabilityCheck,
    read_stream,
)
from fracture_core.records.worklist.places import find_home, find_worklist_file
from fracture_core.records.worklist.records import WorklistItem
from fracture_core.records.worklist.write import ItemOutcome, put_back, record, stop_reading, take
from fracture_core.store import Door, WorklistRow, reading_session

T = TypeVar("T")
Load = Callable[[Checkpoint], Predictor]
# A CPU reads four at once no faster than one by one (measured: a quarter slower), and so rows appear one by one.
BATCH_SIZES = {"cpu": 1, "cuda": 16, "mps": 16}
_BUSY_TRIES, _BUSY_S = 20, 3.0  # a database that is locked for a minute loses no reading
_threads: dict[str, threading.Thread] = {}
_threads_lock = threading.Lock()


def read_in_background(worklist_id: str, load: Load) -> None:
    """Read a worklist in a thread of this process, unless somebody does already.

    Args:
        worklist_id: one that is finished, stopped or deleted is left alone.
        load: gives the model; called in that thread.
    """
    with _threads_lock:
        for ended in [key for key, thread in _threads.items() if not thread.is_alive()]:
            del _threads[ended]
        if worklist_id not in _threads:
            thread = threading.Thread(
                target=_read_quietly, args=(worklist_id, load), name=f"worklist-{worklist_id}", daemon=True
            )
            _threads[worklist_id] = thread
            thread.start()


def wait_for(worklist_id: str, timeout_s: float | None = None) -> None:
    """Wait until this process's thread of a worklist rests."""
    with _threads_lock:
        thread = _threads.get(worklist_id)
    if thread:
        thread.join(timeout_s)


def read_worklist_files(worklist_id: str, load: Load, tell: Callable[[int], None] | None = None) -> bool:
    """Read what waits in a worklist; return whether this call was the one that read it.

    Args:
        worklist_id: of a worklist whose files are on this machine.
        load: gives the model.
        tell: called with how many files were done since the last call.

    Raises:
        WorklistError: the worklist is not there, or its model has changed.
        CheckpointError: its model cannot be used.
        DeviceError: the device wanted is not there.
        StoreError: the database cannot be used.
    """
    home = find_home(worklist_id)
    if not home.is_dir():  # its files are on another machine, or it was deleted
        return False
    with _held(home / ".reading.lock") as is_ours:
        if is_ours:
            _try(lambda: put_back(worklist_id))
            _read_all(worklist_id, load, tell)
        return is_ours


def _read_quietly(worklist_id: str, load: Load) -> None:
    """Read; a problem is written into the worklist, where people see it."""
    try:
        read_worklist_files(worklist_id, load)
    except StoreBusyError:
        return  # whoever looks at the worklist next begins again
    except FractureError as error:
        _tell_problem(worklist_id, str(error))
    except Exception as error:  # noqa: BLE001 - the last stop of the thread
        incident_id = log_incident(error, "reading a worklist")
        _tell_problem(worklist_id, f"Something unexpected happened, id {incident_id}. The log has the details.")


def _tell_problem(worklist_id: str, problem: str) -> None:
    with suppress(FractureError):  # deleted, or the database is what fails
        stop_reading(worklist_id, problem)


def _read_all(worklist_id: str, load: Load, tell: Callable[[int], None] | None) -> None:
    with reading_session() as session:
        row = session.get(WorklistRow, worklist_id)
        if row is None:
            raise WorklistError("There is no such worklist.", "It may have been deleted.")
        name, sha256, folder, salt = row.model, row.model_sha256, row.folder, row.salt
        door: Door = "PACS" if row.source == "PACS" else "worklist"
    checkpoint = find_checkpoint(name)
    if checkpoint.manifest.weights_sha256 != sha256:
        raise WorklistError(
            f"The model {name} has other weights than when this worklist was made.",
            "Make a new worklist, so that one model reads all of it.",
        )
    loaded = LoadedCheckpoint(load(checkpoint), SuitabilityCheck.of(checkpoint))
    count = BATCH_SIZES[loaded.predictor.device]

    def fetch(item: WorklistItem) -> tuple[bytes, ReadRequest]:
        request = ReadRequest(checkpoint, door, name=item.name, worklist_id=worklist_id, item_number=item.number)
        return read_file_bytes(find_worklist_file(worklist_id, folder, item.path)), request

    for batch in read_stream(lambda: _try(lambda: take(worklist_id, count)), fetch, loaded):
        outcomes = [_describe(item, read, salt) for item, read in batch]
        _try(partial(record, worklist_id, outcomes))
        if tell:
            tell(len(outcomes))


def _describe(item: WorklistItem, read: ReadFile | NotRead, salt: str) -> ItemOutcome:
    """Return what is kept of a file."""
    if isinstance(read, NotRead):
        return ItemOutcome(item.number, reason=read.reason, sha256=read.sha256)
    radiograph, reading = read.radiograph, read.reading
    return ItemOutcome(
        number=item.number,
        sha256=radiograph.sha256,
        study=_hash_exam(radiograph.exam_sha256, salt),
        region=find_body_part(radiograph.details.get("body_part", "")).word[:40],
        view=radiograph.details.get("view", "")[:40],
        source_type=radiograph.source_type,
        width_px=radiograph.width_px,
        height_px=radiograph.height_px,
        label=reading.label,
        call=reading.call,
        p_fracture=reading.p_fracture,
        notes=read.notes,
        refusals=read.suitability.list_words("refused"),
        elapsed_ms=read.elapsed_ms,
        reading=read.build_new_reading(),
    )


def _hash_exam(exam_sha256: str, salt: str) -> str:
    """Return what views of one exam have in common; in another worklist it is another; empty for none."""
    return hmac.new(salt.encode(), exam_sha256.encode(), "sha256").hexdigest()[:32] if exam_sha256 else ""


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold a lock until the block ends; False where somebody else has it."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _try(write: Callable[[], T]) -> T:
    """Do something with a database that may be locked for a while."""
    for _ in range(_BUSY_TRIES):
        try:
            return write()
        except StoreBusyError:
            time.sleep(_BUSY_S)
    return write()
