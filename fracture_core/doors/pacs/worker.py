"""The part of the service that reads what came and delivers results; it may be killed at any line.

Every step leaves its result on the disk before the next one begins: object, row, results, delivery. A step that is
done again gives the same row of the history and the same UIDs.
"""

import threading
import time

from fracture_core.base import (
    FractureError,
    IntakeError,
    ObjectRefusedError,
    PacsError,
    ReportError,
    StoreError,
    log_incident,
)
from fracture_core.doors.pacs import queue, spool
from fracture_core.doors.pacs.destination import find_destination
from fracture_core.doors.pacs.kinds import is_ours
from fracture_core.doors.pacs.reading import read_object

_LOOK_EVERY_S, _AFTER_ERROR_S, _HEAR_OF_THE_END_S = 2.0, 15.0, 0.1
_EXPIRE_EVERY_S = 3600.0
_MOST_TRIES = 5  # of an object with which something unforeseen happens
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 60.0
_BROKE_OFF = f"The service broke off {_MOST_TRIES} times while it read this object."


class Worker:
    """Works off the queue, one object at a time.

    Args:
        arrived: set when an object has come.
        stop: set when it is to end, after the object in hand.
    """

    def __init__(self, arrived: threading.Event, stop: threading.Event) -> None:
        self._arrived, self._stop = arrived, stop
        self._destination = find_destination()
        self._pause_s, self._closed_until_s = 0.0, 0.0

    def run(self) -> None:
        """Work until told to stop; a database that cannot be used is waited for."""
        expire_at_s = 0.0
        while not self._stop.is_set():
            self._arrived.clear()
            try:
                queue.adopt()
                while not self._stop.is_set() and self.work_one():
                    queue.adopt()
                if time.monotonic() >= expire_at_s:  # after a try of all: the service may have been away for long
                    queue.expire()
                    expire_at_s = time.monotonic() + _EXPIRE_EVERY_S
            except Exception as error:  # noqa: BLE001 - whoever sends counts on a service that goes on
                log_incident(error, "the DICOM service's queue")
                self._stop.wait(_AFTER_ERROR_S)
            self._wait()

    def _wait(self) -> None:
        """Wait for an object, the end, or the next look at what is due again."""
        look_at_s = time.monotonic() + _LOOK_EVERY_S
        while not self._stop.is_set() and time.monotonic() < look_at_s:
            if self._arrived.wait(_HEAR_OF_THE_END_S):
                break

    def work_one(self) -> bool:
        """Do the next step of one object; return False where nothing is due."""
        found = queue.take_next(deliver=time.monotonic() >= self._closed_until_s)
        if found is None:
            return False
        step = self._read if found.status == "received" else self._deliver
        try:
            step(found)
        except StoreError:
            raise
        except FractureError as error:  # of the destination or the model: later
            queue.mark(found.id, found.status, str(error))
        except OSError as error:  # of the disk: later
            queue.mark(found.id, found.status, f"The disk does not allow it ({error.strerror}).")
        except Exception as error:  # noqa: BLE001 - one object must not stop the others
            said = f"Something unexpected happened, id {log_incident(error, 'an object that came by DICOM')}."
            queue.mark(found.id, "failed" if found.tries >= _MOST_TRIES else found.status, said)
        return True

    def _read(self, found: queue.QueuedObject) -> None:
        if found.tries > _MOST_TRIES and not found.reason:
            queue.mark(found.id, "failed", _BROKE_OFF)
            return
        try:
            data = spool.read_received(found.id)
            if is_ours(spool.read_header(found.id)):
                queue.mark(found.id, "left out", "A result of ours that came back.")
                return
            made = read_object(found.id, data, found.peer)
        except (IntakeError, ReportError, PacsError) as error:
            queue.mark(found.id, "failed", str(error))
            return
        if not made.results:
            queue.mark(found.id, "refused", " ".join(made.record.refusals), made.record.id)
            return
        spool.keep_results(found.id, made.results)
        queue.mark(found.id, "read", reading_id=made.record.id)

    def _deliver(self, found: queue.QueuedObject) -> None:
        results = spool.read_results(found.id)
        if not results:
            queue.mark(found.id, "received", "Its results are not here any more; it is read again.")
            return
        try:
            self._destination.deliver(results)
        except ObjectRefusedError:  # what is wrong with one object must not hold up the others
            raise
        except PacsError:
            self._pause_s = min(max(2 * self._pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
            self._closed_until_s = time.monotonic() + self._pause_s
            raise
        self._pause_s = 0.0
        queue.mark_sent(found.id, self._destination.words)
