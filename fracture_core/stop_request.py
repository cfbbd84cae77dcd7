"""Whether a training process should end: asked in the database, or by a signal.

The row in the database is the first way, for it works the same everywhere: on
Windows a signal kills at once. SIGTERM, which systems send before they shut down
or move a container, is the second.
"""

import signal
import threading
import time
from types import FrameType

from fracture_core.errors import StoreError
from fracture_core.runs import Run

_LOOK_EVERY_S = 0.5
ASKED = "Stopped as asked; it can be resumed."
BY_SIGNAL = "The system asked the training to end (SIGTERM); it can be resumed."


class TrainingStopped(Exception):
    """The training ends here, as it was asked to; ``args[0]`` says by whom."""


class StopRequest:
    """Looks for a wish to stop, at most twice a second."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._signalled = threading.Event()
        self._reason = ""
        self._looked_s = -_LOOK_EVERY_S

    def listen(self) -> None:
        """Take SIGTERM as a wish to stop; only in a process's main thread."""
        signal.signal(signal.SIGTERM, self._note)

    def find_reason(self) -> str:
        """Return why the training should stop; empty if it should go on, or the database cannot tell."""
        if self._signalled.is_set():
            return BY_SIGNAL
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

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._signalled.set()
