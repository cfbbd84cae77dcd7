"""The side of whoever asks: start a task, ask to cancel it, put its end away."""

import subprocess
import sys
import threading
from contextlib import suppress

from fracture_core.base.background.detach import build_child_environment, build_detached_options
from fracture_core.base.background.states import (
    BackgroundTask,
    TaskState,
    find_folder,
    find_path,
    is_held,
    read_task,
    telling_unwritable,
    write_state,
)
from fracture_core.base.errors import JobError

_starting = threading.Lock()  # two sessions of one server that press at once
_UNSAID = "Its process ended before it began; its log in the folder of the state says what it printed last."


def start_task(task: BackgroundTask) -> TaskState:
    """Start a task in its own process, at low priority, and return at once; one that is going on is left to go on.

    Raises:
        JobError: the process cannot be started.
        StateUnwritableError: nothing can be written down.
    """
    with _starting:
        state = read_task(task)
        if state and state.is_active:
            return state
        with telling_unwritable():
            find_folder().mkdir(parents=True, exist_ok=True)
            state = TaskState(task=task)
            write_state(state)
            _spawn(task)
        return state


def cancel_task(task: BackgroundTask) -> None:
    """Ask whoever is at work on a task to end; what is done of it is kept where it can be gone on with.

    Raises:
        StateUnwritableError: the request cannot be written down.
    """
    with telling_unwritable():
        if is_held(task.key):
            find_path(task.key, "cancel").touch()


def dismiss_task(task: BackgroundTask) -> None:
    """Forget how a task ended."""
    with _starting:
        if not ((state := read_task(task)) and state.is_active):
            with telling_unwritable():
                find_path(task.key, "json").unlink(missing_ok=True)


def list_arguments(task: BackgroundTask) -> list[str]:
    """Return the arguments of ``python -m fracture_core`` that do a task."""
    if task.kind == "neighbours":
        return ["neighbours", "--checkpoint", task.checkpoint, "--background"]
    published = ["--as-published"] if task.as_published else []
    data = ["--data", task.data, "--split", task.split]
    return ["evaluate", "--checkpoint", task.checkpoint, *data, *published, "--background"]


def _spawn(task: BackgroundTask) -> None:
    command = [sys.executable, "-u", "-m", "fracture_core", *list_arguments(task)]
    with find_path(task.key, "log").open("wb") as log:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=build_child_environment(),
                **build_detached_options(),
            )
        except OSError as error:
            problem = f"The process could not be started: {error.strerror}."
            write_state(TaskState(task=task, status="failed", problem=problem))
            raise JobError(problem) from error
    threading.Thread(target=_wait, args=(process, task), daemon=True, name=f"wait-{task.key}").start()


def _wait(process: "subprocess.Popen[bytes]", task: BackgroundTask) -> None:
    """Wait for the child, so that it does not stay a zombie, and note at once if it left without a word."""
    if process.wait() == 0:
        return
    with suppress(OSError):
        state = read_task(task)
        if state and state.status == "starting" and not is_held(task.key):
            write_state(state.model_copy(update={"status": "failed", "problem": _UNSAID, "remedy": "Start it again."}))
