"""Start, watch and stop a training in a process of its own.

The process is detached: it outlives the page, the browser and the server that
started it. Whoever watches only reads the run's files.
"""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pandas as pd
import psutil
from filelock import FileLock

from fracture_core.data.sources import PHANTOMS, open_dataset
from fracture_core.errors import JobError
from fracture_core.runs import (
    METRIC_COLUMNS,
    RunFolder,
    RunState,
    TrainingRequest,
    create_run,
    find_run,
    list_run_folders,
    now,
    runs_dir,
)
from fracture_core.settings import PROJECT_DIR, get_settings

START_GRACE_S = 60.0
LOG_TAIL_BYTES = 16_384


def start_training(request: TrainingRequest) -> str:
    """Start a training in its own process; return the run's id at once.

    Raises:
        DatasetError: a data set cannot be read; told before anything starts.
        JobError: another training is running, or the process cannot be started.
    """
    for name in request.data:
        if name != PHANTOMS:  # always there; the run draws them, so that the page need not wait
            open_dataset(name)
    with _starting_lock():
        _refuse_second_training()
        folder = create_run(request)
    _spawn(folder)
    return folder.id


def resume_training(run_id: str) -> None:
    """Go on with a stopped or failed run from its last whole epoch.

    Raises:
        JobError: no such run, it has finished or is running, or another one is running.
    """
    with _starting_lock():
        state = read_run(run_id)
        if state.status not in {"stopped", "failed"}:
            raise JobError(f"Run '{run_id}' is {state.status}; only a stopped or failed run can be resumed.")
        _refuse_second_training()
        folder = find_run(run_id)
        folder.update_state(status="starting", reason="", pid=None, ended_at=None)
    _spawn(folder)


def stop_training(run_id: str) -> None:
    """Ask a run to stop after its current batch; does nothing if it has ended.

    Raises:
        JobError: no such run.
    """
    state = read_run(run_id)
    if not state.has_ended:
        find_run(run_id).stop_path.touch()


def list_runs() -> list[RunState]:
    """Return all runs, the newest first, each as it stands now."""
    return [state for folder in list_run_folders() if (state := _try_reading(folder)) is not None]


def read_run(run_id: str) -> RunState:
    """Return how a run stands; one whose process has gone is told as failed.

    Raises:
        JobError: no such run.
    """
    return _check_alive(find_run(run_id))


def read_metrics(run_id: str) -> pd.DataFrame:
    """Return columns step, epoch, name, value; empty before the first measurement.

    Raises:
        JobError: no such run.
    """
    return pd.DataFrame(find_run(run_id).read_metrics(), columns=list(METRIC_COLUMNS))


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


def _starting_lock() -> FileLock:
    """Return the lock under which runs are started, so that two people who press at once start one."""
    directory = runs_dir()
    directory.mkdir(parents=True, exist_ok=True)
    return FileLock(directory / ".starting.lock")


def _refuse_second_training() -> None:
    active = [state for state in list_runs() if not state.has_ended]
    if active:
        raise JobError(
            f"A training is running already ({active[0].id}); a second would slow both.",
            "Wait for it to finish, or stop it first.",
        )


def _spawn(folder: RunFolder) -> None:
    command = [sys.executable, "-u", "-m", "fracture_core", "train", "--run", folder.id]
    # The child sees the settings of this process, also those that did not come from the environment.
    settings = get_settings()
    environment = os.environ | {
        "FRACTURE_STATE_DIR": str(settings.state_dir.resolve()),
        "FRACTURE_DATA_DIR": str(settings.data_dir.resolve()),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT_DIR), os.environ.get("PYTHONPATH")])),
    }
    detach = (
        {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}  # type: ignore[attr-defined]
        if os.name == "nt"
        else {"start_new_session": True}
    )
    try:
        with folder.log_path.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, **detach
            )
    except OSError as error:
        folder.update_state(status="failed", reason=f"The process could not be started: {error.strerror}.", ended_at=now())
        raise JobError(f"The training process could not be started: {error.strerror}.") from error
    # Waiting for the child keeps it from staying a zombie of this process.
    threading.Thread(target=process.wait, daemon=True, name=f"wait-{folder.id}").start()


def _try_reading(folder: RunFolder) -> RunState | None:
    try:
        return _check_alive(folder)
    except JobError:  # one damaged run must not hide the others
        return None


def _check_alive(folder: RunFolder) -> RunState:
    state = folder.read_state()
    if state.has_ended or _is_alive(state):
        return state
    if (latest := folder.read_state()).has_ended:  # it ended between the two looks
        return latest
    reason = "The training process has gone (killed, or the machine was restarted). It can be resumed."
    return folder.update_state(status="failed", reason=reason, ended_at=now())


def _is_alive(state: RunState) -> bool:
    if state.pid is None:
        age_s = (datetime.now(UTC) - datetime.fromisoformat(state.updated_at)).total_seconds()
        return age_s < START_GRACE_S
    try:
        process = psutil.Process(state.pid)
        is_same = abs(process.create_time() - (state.process_started_s or 0)) < 2
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # it exists, under another user
        return True
