"""A reading on its way into the history: once, however often it is tried, and with what a person decides meanwhile."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from fracture_core.base import HistoryError, RequestKeyError, StoreBusyError, StoreError
from fracture_core.reading.act import ReadFile
from fracture_core.reading.history.read import find_reading
from fracture_core.reading.history.record import NewReading, override_reading, record_all, record_reading
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.reading.suitability.findings import Override


class HistoryKeeper:
    """Keeps what a command reads; a database that cannot be used stops no reading.

    Args:
        is_on: the command was not told to keep nothing.
    """

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on

    def keep(self, reads: Sequence[ReadFile]) -> str:
        """Keep readings in one transaction; return what to tell of those that are not kept, empty where all are.

        After a database that cannot be used at all, no further one is tried.
        """
        if not self._is_on or not reads:
            return ""
        try:
            record_all([read.build_new_reading() for read in reads])
        except StoreError as error:
            self._is_on = isinstance(error, StoreBusyError)
            which = f"{len(reads)} of the readings are" if self._is_on else "these readings are"
            return f"{which} not kept in the history: {error}"
        return ""


class Keeping:
    """One reading that is to be kept; the radiograph is let go once it is. Safe to share between threads.

    Args:
        new: what is kept (``ReadFile.build_new_reading``); None for what is not, such as the drawn examples.

    Attributes:
        id: of the reading in the history; empty until it is there.
        problem: why it is not kept; None where it is, or was not tried.
    """

    def __init__(self, new: NewReading | None) -> None:
        self._new = new
        self._is_wanted = new is not None
        self._decision: Override | None = None
        self._lock = threading.Lock()
        self.id = ""
        self.problem: StoreError | None = None

    @property
    def is_wanted(self) -> bool:
        return self._is_wanted

    def keep(self, *, again: bool = False) -> None:
        """Write what is not yet written; after a database that failed, only where ``again`` says so."""
        with self._lock:
            if self.problem and not again:
                return
            try:
                self._write()
                self.problem = None
            except StoreError as error:
                self.problem = error

    def override(self, decision: Override) -> None:
        """Keep that somebody wants the reading of a refused picture all the same."""
        self._decision = decision
        self.keep(again=True)

    def find_record(self) -> ReadingRecord | None:
        """Keep the reading, unless it is, and return how it stands; None where it is not kept, or was deleted."""
        self.keep()
        if not self.id:
            return None
        try:
            return find_reading(self.id)
        except (HistoryError, StoreError):
            return None

    def _write(self) -> None:
        if self._new is not None:
            kept = record_reading(replace(self._new, override=self._decision))
            self.id, self._new = kept.id, None
            self._decision = self._decision if kept.is_refused else None
        if self._decision and self.id:
            with suppress(HistoryError):  # deleted, or somebody else was before us
                override_reading(self.id, self._decision.by, self._decision.why)
            self._decision = None


def build_request_key(door: str, *parts: str) -> str:
    """Return the key under which a request is one reading, however often it comes.

    Args:
        door: tells keys of one door from those of another.
        parts: what tells the request from all others of that door.
    """
    return sha256("/".join((door, *parts)).encode()).hexdigest()


def check_same_request(
    record: ReadingRecord, file_sha256: str, frame: int, correction: str, override_why: str, *, model: str = ""
) -> None:
    """Hold a request to the reading that its key was answered with before.

    Args:
        record: kept under the same key.
        file_sha256, frame, correction, override_why: of the request that comes now, see ``ReadRequest``.
        model: that is asked for by name; empty for whichever is in use.

    Raises:
        RequestKeyError: the key came with another file or other words.
    """
    same = (record.sha256, record.frame, record.correction) == (file_sha256, frame, correction)
    same &= model in ("", record.model)
    if record.refusals:
        came_with_it = record.override_at is not None and record.override_at <= record.at  # not added on a page since
        same &= (record.override_why if came_with_it else "") == override_why.strip()
    if not same:
        raise RequestKeyError(
            "This key came with another file or other words before.",
            "Give every radiograph a key of its own; repeat a key only to repeat its request.",
        )
