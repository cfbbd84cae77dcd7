"""Start, watch and stop a training in a process of its own.

The process is detached: it outlives the page, the browser and the server that
started it. Whoever watches only reads the database and the run's log.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from fracture_core.base import (
    FractureError,
    JobError,
    RunHeldError,
    StoreError,
    build_child_environment,
    build_detached_options,
)
from fracture_core.datasets import PHANTOM_DATASET, open_dataset
from fracture_core.training.runs.liveness import GONE, check_alive, describe_process
from fracture_core.training.runs.run import (
    Run,
    RunState,
    TrainingRequest,
    create_run,
    find_run,
    get_utc_now,
    list_states,
    this_host,
)
from fracture_core.training.runs.turns import is_held, list_queue

LOG_TAIL_BYTES = 16_384
_UNSAID = "The training process ended without saying why; its log shows what it printed last."
_RESUMABLE = frozenset({"stopped", "failed"})


def start_training(request: TrainingRequest) -> str:
    """Start a training in its own process; return the run's id at once.

    It waits its turn where another training runs on this machine.

    Raises:
        DatasetError: a data set cannot be read; told before anything starts.
        JobError: the process cannot be started.
        StoreError: the database cannot be used.
    """
    for name in request.data:
        if name != PHANTOM_DATASET:  # always there; the run draws them, so that the page need not wait
            open_dataset(name)
    run = create_run(request)
    _spawn(run)
    return run.id


def resume_training(run_id: str) -> None:
    """Go on with a stopped or failed run from its last saved step; it waits its turn.

    Raises:
        JobError: no such run, or it has finished, waits or is running.
    """
    state, run = read_run(run_id), find_run(run_id)
    if state.status in _RESUMABLE and is_held(run):  # as after a long silence of the database
        raise RunHeldError(f"The process of run '{run_id}' is still at work.", "Wait until it says how it stands.")
    queued = run.update_state_if(
        lambda latest: latest.status in _RESUMABLE,  # of two who press at once, the second finds it queued
        status="queued",
        reason="",
        queued_at=get_utc_now(),
        host=this_host(),
        pid=None,
        ended_at=None,
        stop_requested=False,
    )
    if queued is None:
        status = run.read_state().status
        raise JobError(f"Run '{run_id}' is {status}; only a stopped or failed run can be resumed.")
    _spawn(run)


def stop_training(run_id: str) -> None:
    """Ask a run to stop after its current batch, or to leave the queue; does nothing if it has ended.

    Raises:
        JobError: no such run.
    """
    state = read_run(run_id)
    if state.has_ended:
        return
    try:
        find_run(run_id).update_state_if(lambda latest: not latest.has_ended, stop_requested=True)
    except StoreError:
        # On Windows a signal would kill, and lose what the database would keep; elsewhere the number is another's.
        if os.name == "nt" or state.pid is None or state.host != this_host():
            raise
        with suppress(ProcessLookupError):  # it has ended since
            os.kill(state.pid, signal.SIGTERM)  # the leader alone: its own helpers must live until it has saved


def list_runs() -> list[RunState]:
    """Return all runs, the newest first, each as it stands now."""
    return [check_alive(state) for state in list_states()]


def read_run(run_id: str) -> RunState:
    """Return how a run stands; one whose process has gone is told as failed.

    Raises:
        JobError: no such run.
    """
    return check_alive(find_run(run_id).read_state())


def find_place_in_queue(run_id: str) -> int:
    """Return how many runs are to begin before this one, itself included; 0 if it does not wait."""
    waiting = [state.id for state in list_queue()]
    return waiting.index(run_id) + 1 if run_id in waiting else 0


def read_log_tail(run_id: str, lines: int = 30) -> str:
    """Return the end of what the training printed, progress bars as they last stood.

    Raises:
        JobError: no such run.
    """
    path = find_run(run_id).log_path
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - LOG_TAIL_BYTES))
        text = stream.read().decode("utf-8", "replace")
    # A progress bar rewrites its line after a carriage return; the last version counts.
    shown = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n")]
    return "\n".join([line for line in shown if line.strip()][-lines:])


def _spawn(run: Run) -> None:
    command = [sys.executable, "-u", "-m", "fracture_core", "train", "--run", run.id, "--background"]
    try:
        with run.log_path.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=build_child_environment(),
                **build_detached_options(),
            )
    except OSError as error:
        reason = f"The training process could not be started: {error.strerror}."
        run.update_state(status="failed", reason=reason, ended_at=get_utc_now())
        raise JobError(reason) from error
    with suppress(StoreError):  # it says so itself when it has come up; until then it can be seen to be gone
        run.update_state_if(lambda latest: latest.pid is None, **describe_process(process.pid))
    threading.Thread(target=_wait, args=(process, run), daemon=True, name=f"wait-{run.id}").start()


def _wait(process: "subprocess.Popen[bytes]", run: Run) -> None:
    """Wait for the child, so that it does not stay a zombie, and note at once if it left without a word."""
    code = process.wait()
    try:
        if code > 0:  # not killed
            run.update_state_if(
                lambda latest: latest.pid == process.pid and (not latest.has_ended or latest.reason == GONE),
                status="failed",
                reason=_UNSAID,
                ended_at=get_utc_now(),
                stop_requested=False,
            )
        read_run(run.id)
    except FractureError:  # whoever looks next will note it
        return
