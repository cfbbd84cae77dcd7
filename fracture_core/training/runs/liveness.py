"""Whether the process of a run is still there; a run whose process has gone is told as failed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psutil

from fracture_core.base import FractureError, Settings
from fracture_core.training.runs.run import Run, RunState, get_utc_now, this_host

START_GRACE = timedelta(seconds=60)  # from being started to the first sign of life
SILENCE_ELSEWHERE = timedelta(minutes=15)  # of a run on another machine, whose processes cannot be seen
SIGN_EVERY = timedelta(minutes=1)
GONE = (
    "The training process has gone: killed by somebody, or by the system for want of memory, or the machine was "
    "restarted. It can be resumed from its last saved step; if memory was short, start again with a smaller batch."
)


def check_alive(state: RunState, settings: Settings | None = None) -> RunState:
    """Return the state as it is now, marked as failed if its process has gone.

    Raises:
        JobError: no such run.
        StoreError: the database cannot be used.
    """
    if state.has_ended or is_alive(state):
        return state
    run = Run(state.id, settings)
    failed = run.update_state_if(_has_gone, status="failed", reason=GONE, ended_at=get_utc_now(), stop_requested=False)
    return failed or run.read_state()  # it ended, or was resumed, since that look


def _has_gone(state: RunState) -> bool:
    return not state.has_ended and not is_alive(state)


def is_alive(state: RunState) -> bool:
    """Return whether the process of a run that has not ended is there; a zombie is not alive."""
    silence = get_utc_now() - state.updated_at
    if state.host != this_host():
        return silence < SILENCE_ELSEWHERE
    if state.pid is None:
        return abs(silence) < START_GRACE  # a clock that was put back must not let it block the queue
    try:
        process = psutil.Process(state.pid)
        is_same = abs(measure_start_s(process) - (state.process_started_s or 0)) < 2
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # it exists, under another user
        return True


def describe_process(pid: int) -> dict[str, object]:
    """Return the fields of ``RunState`` by which a process of this machine is found again."""
    return {"host": this_host(), "pid": pid, "process_started_s": measure_start_s(psutil.Process(pid))}


def measure_start_s(process: psutil.Process) -> float:
    """Return when a process started, in seconds by a clock that nobody sets.

    Linux counts from when the machine started; psutil adds that moment as the wall
    clock has it now, so that it must be taken off again.
    """
    result: float = process.create_time() - (psutil.boot_time() if psutil.LINUX else 0.0)
    return result


@contextmanager
def show_life(run: Run) -> Iterator[None]:
    """Let other machines see that this process is there, also while it only waits or computes."""
    is_over = threading.Event()

    def sign() -> None:
        while not is_over.wait(SIGN_EVERY.total_seconds()):
            try:
                run.update_state()
            except FractureError:  # the database is busy; the next sign will do
                continue

    thread = threading.Thread(target=sign, daemon=True, name=f"life-{run.id}")
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
