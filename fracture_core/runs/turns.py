"""One training at a time on a machine, the others in order.

A place is a file lock that the training process holds: the system frees it when the
process ends, however it ends. Whoever waits is a process of its own too, so that the
next one starts without anybody's help.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from fracture_core.errors import StoreError
from fracture_core.runs.liveness import check_alive, describe_process, show_life
from fracture_core.runs.run import Run, RunState, list_states, runs_dir, this_host
from fracture_core.settings import get_settings
from fracture_core.runs.stop_request import StopRequest

_LOOK_EVERY_S = 0.5


@contextmanager
def take_turn(run: Run, stop: StopRequest) -> Iterator[None]:
    """Wait until it is this run's turn, and hold its place until the block ends.

    Raises:
        TrainingStopped: it was asked to stop while it waited.
        StoreError: the database cannot be used.
    """
    run.update_state(status="queued", reason="", ended_at=None, **describe_process(os.getpid()))
    with show_life(run):
        place = _try_place(run)
        while place is None:
            stop.check()
            time.sleep(_LOOK_EVERY_S)
            place = _try_place(run)
        try:
            yield
        finally:
            place.release()


def list_queue() -> list[RunState]:
    """Return the runs that wait on this machine, the next one first."""
    waiting = [check_alive(state) for state in list_states(active=True) if state.host == this_host()]
    return sorted((state for state in waiting if state.status == "queued"), key=lambda state: (state.queued_at, state.id))


def _try_place(run: Run) -> FileLock | None:
    """Return a free place, held, if the run is the next in line."""
    try:
        queue = list_queue()
    except StoreError:  # locked for a while; the run waits anyway
        return None
    if not queue or queue[0].id != run.id:
        return None
    for number in range(get_settings().max_trainings):
        place = FileLock(runs_dir() / f".training-{number}.lock")
        try:
            return place.acquire(timeout=0).lock
        except Timeout:
            continue
    return None
