"""Whether a training process should end: asked in the database, or by a signal.

The row in the database is the first way, for it works the same everywhere: on
Windows a signal kills at once. SIGTERM, which systems send before they shut down
or move a container, is the second.
"""

import signal
import time
from types import FrameType
from typing import Any

from fracture_core.base import StoreError
from fracture_core.training.runs.run import Run

_LOOK_EVERY_S = 0.5
ASKED = "Stopped as asked; it can be resumed."
BY_SIGNAL = "The system asked the training to end (SIGTERM); it can be resumed."
FROM_KEYBOARD = "Interrupted from the keyboard; it can be resumed."


class TrainingStopped(Exception):  # noqa: N818 - an end, no error
    """The training ends here, as it was asked to; ``args[0]`` says by whom."""


class StopRequest:
    """Looks for a wish to stop, at most twice a second."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._signalled = ""
        self._handlers: dict[int, Any] = {}
        self._reason = ""
        self._looked_s = -_LOOK_EVERY_S

    def listen(self) -> None:
        """Take SIGTERM and Ctrl-C as a wish to stop; only in a process's main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.signal(number, self._note)
            self._handlers.setdefault(number, before)

    def close(self) -> None:
        """Give the signals back to who handled them before."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def find_reason(self) -> str:
        """Return why the training should stop; empty if it should go on, or the database cannot tell."""
        if self._signalled:
            return self._signalled
        if not self._reason and time.monotonic() - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = time.monotonic()
            try:
                self._reason = ASKED if self._run.read_state().stop_requested else ""
            except StoreError:
                return ""
        return self._reason

    def check(self) -> None:
        """Raise TrainingStopped if there is such a wish."""
        if reason := self.find_reason():
            raise TrainingStopped(reason)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and self._signalled == FROM_KEYBOARD:  # a second time: at once
            raise KeyboardInterrupt
        self._signalled = BY_SIGNAL if number == signal.SIGTERM else FROM_KEYBOARD
