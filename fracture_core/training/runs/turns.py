"""One training at a time on a machine, the others in order.

A place is a file lock that the training process holds: the system frees it when the
process ends, however it ends. Whoever waits is a process of its own too, so that the
next one starts without anybody's help.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from fracture_core.base import RunHeldError, StoreBusyError, StoreError, get_settings
from fracture_core.training.runs.liveness import check_alive, describe_process, show_life
from fracture_core.training.runs.run import Run, RunState, list_states, runs_dir, this_host
from fracture_core.training.runs.stop_request import StopRequest

_LOOK_EVERY_S = 0.5
_HELD = ".process.lock"  # in the run's folder; held by the one process that waits or trains for it
_HAND_OVER_S = 5.0  # a process that has just said that it stopped may need a moment to be gone


@contextmanager
def take_turn(run: Run, stop: StopRequest) -> Iterator[None]:
    """Wait until it is this run's turn, and hold its place until the block ends.

    Raises:
        RunHeldError: another process waits or trains for this run; nothing has changed.
        TrainingStopped: it was asked to stop while it waited.
        StoreError: the database cannot be used.
    """
    with _held(run), show_life(run):
        with suppress(StoreBusyError):  # it stands in line as soon as the database takes it
            _stand_in_line(run)
        place = _try_place(run)
        while place is None:
            stop.check()
            time.sleep(_LOOK_EVERY_S)
            place = _try_place(run)
        try:
            yield
        finally:
            place.release()


def is_held(run: Run) -> bool:
    """Return whether a process of this machine waits or trains for a run, whatever the database says."""
    try:
        with FileLock(run.directory / _HELD, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that cannot be written to; whoever starts something there is told
        return False


@contextmanager
def _held(run: Run) -> Iterator[None]:
    lock = FileLock(run.directory / _HELD)
    try:
        lock.acquire(timeout=_HAND_OVER_S)
    except Timeout:
        raise RunHeldError(
            f"Another process is at work on run '{run.id}' already.",
            f"Watch it with: python -m fracture_core runs show {run.id}; or stop it first.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _stand_in_line(run: Run) -> None:
    run.update_state(status="queued", reason="", ended_at=None, **describe_process(os.getpid()))


def list_queue() -> list[RunState]:
    """Return the runs that wait on this machine, the next one first."""
    waiting = [check_alive(state) for state in list_states(active=True) if state.host == this_host()]
    return sorted(
        (state for state in waiting if state.status == "queued"), key=lambda state: (state.queued_at, state.id)
    )


def _try_place(run: Run) -> FileLock | None:
    """Return a free place, held, if the run is the next in line."""
    try:
        queue = list_queue()
        if run.id not in {state.id for state in queue}:  # taken for gone, as after a long silence of the database
            _stand_in_line(run)
    except StoreError:  # locked for a while; the run waits anyway
        return None
    if not queue or queue[0].id != run.id:
        return None
    for number in range(get_settings().max_trainings):
        place = FileLock(runs_dir() / f".training-{this_host()}-{number}.lock")  # machines may share the folder
        try:
            return place.acquire(timeout=0).lock
        except Timeout:
            continue
    return None
