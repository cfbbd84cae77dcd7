"""The side of the process at work: one a task, telling how far it is, ready to be cancelled."""

import _thread
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from fracture_core.base.background.states import (
    BackgroundTask,
    TaskState,
    find_folder,
    find_path,
    telling_unwritable,
    write_state,
)
from fracture_core.base.errors import FractureError, TaskHeldError
from fracture_core.base.incidents import log_incident
from fracture_core.base.progress import StageProgress

_TELL_EVERY_S = 0.7
_LOOK_EVERY_S = 0.5
_SPEED_OF_S = 60.0  # the time left is reckoned from the last minute
_LEAST_S = 2.0  # measured, before a time left is told
_HAND_OVER_S = 3.0  # somebody who only looks whether it is held lets go at once


@contextmanager
def working_on_task(task: BackgroundTask, also: StageProgress | None = None) -> Iterator[StageProgress]:
    """Hold a task until the block ends, and write down what the block tells and how it ends.

    Asked to cancel, the main thread is interrupted as by Ctrl-C.

    Args:
        also: told the same, such as a bar in a terminal.

    Raises:
        TaskHeldError: another process is at work on it.
        StateUnwritableError: nothing can be written down.
    """
    with telling_unwritable():
        find_folder().mkdir(parents=True, exist_ok=True)
        lock = FileLock(find_path(task.key, "lock"))
        try:
            lock.acquire(timeout=_HAND_OVER_S)
        except Timeout:
            raise TaskHeldError("This is being done right now by another process.", "Wait until it is ready.") from None
    try:
        with _cancellable(task.key) as is_cancelled:
            yield from _follow(task, also, is_cancelled)
    finally:
        lock.release()


def _follow(task: BackgroundTask, also: StageProgress | None, is_cancelled: threading.Event) -> Iterator[StageProgress]:
    teller = _Teller(task, also)
    try:
        yield teller.tell
    except FractureError as error:
        teller.end("failed", error.problem, error.remedy, type(error).__name__)
        raise
    except KeyboardInterrupt:
        teller.end("cancelled")
        raise
    except MemoryError:
        teller.end("failed", "There was not enough memory.", "Close what else runs on this machine, and start again.")
        raise
    except Exception as error:
        if is_cancelled.is_set():  # an interrupt that surfaced as another error
            teller.end("cancelled")
        else:
            problem = f"Something unexpected happened, id {log_incident(error, f'background {task.kind}')}."
            teller.end("failed", problem, "The details are in the log under this id.")
        raise
    teller.end("finished")


class _Teller:
    """Writes down how far a task is, seldom enough not to slow it."""

    def __init__(self, task: BackgroundTask, also: StageProgress | None) -> None:
        self._state = TaskState(task=task, status="running")
        self._also = also
        self._told_s = 0.0
        self._samples: deque[tuple[float, int]] = deque()
        self._write()

    def tell(self, what: str, done: int, total: int) -> None:
        """Take over how far it is; a problem of the disk with that does not end the work."""
        if self._also:
            self._also(what, done, total)
        now_s = time.monotonic()
        is_new = what != self._state.what
        if is_new:
            self._samples.clear()
        if is_new or done >= total or now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._samples.append((now_s, done))
            left_s = self._measure_left_s(now_s, done, total)
            changed = {"what": what, "done": done, "total": total, "left_s": left_s}
            self._state = self._state.model_copy(update=changed)
            self._write()

    def end(self, status: str, problem: str = "", remedy: str = "", error: str = "") -> None:
        """Write down how it ended."""
        changed = {"status": status, "problem": problem, "remedy": remedy, "error": error, "left_s": None}
        self._state = self._state.model_copy(update=changed)
        self._write()

    def _measure_left_s(self, now_s: float, done: int, total: int) -> float | None:
        while len(self._samples) > 2 and now_s - self._samples[1][0] > _SPEED_OF_S:
            self._samples.popleft()
        first_s, first_done = self._samples[0]
        if now_s - first_s < _LEAST_S or done <= first_done:
            return None
        return (total - done) * (now_s - first_s) / (done - first_done)

    def _write(self) -> None:
        with suppress(OSError):
            write_state(self._state)


@contextmanager
def _cancellable(key: str) -> Iterator[threading.Event]:
    """Interrupt the main thread once somebody asks to cancel; an older request goes."""
    path, is_over, is_cancelled = find_path(key, "cancel"), threading.Event(), threading.Event()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a server started by a script has it ignored

    def watch() -> None:
        while not is_over.wait(_LOOK_EVERY_S):
            if path.exists():
                is_cancelled.set()
                _interrupt_main()
                return

    watcher = threading.Thread(target=watch, daemon=True, name="cancel-watch")
    watcher.start()
    try:
        yield is_cancelled
    finally:
        is_over.set()
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _interrupt_main() -> None:
    """Interrupt the main thread as Ctrl-C does, also where it waits in a call of the system."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # the main thread always has one
    else:
        _thread.interrupt_main()
