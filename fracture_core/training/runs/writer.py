"""Writes a run's rows from the training process; a database that is busy or full does not end a training."""

import logging
import math
import time
from collections.abc import Callable

from fracture_core.base import StoreBusyError, StoreError
from fracture_core.training.runs.run import MetricPoint, Run

_LOG = logging.getLogger(__name__)
_RETRY_EVERY_S = 0.5


class RunWriter:
    """Keeps what the database cannot take now, and writes it with the next.

    Nothing here raises but ``finish``: what is measured stays in memory until it is written.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._changes: dict[str, object] = {}
        self._points: dict[tuple[str, int], MetricPoint] = {}
        self._is_told = False

    @property
    def pending(self) -> list[MetricPoint]:
        """The measurements that are not in the database yet."""
        return list(self._points.values())

    def add(self, step: int, epoch: int, values: dict[str, float]) -> None:
        """Take measurements; they are written with the next ``write``. What is no number is none."""
        for name, value in values.items():
            if math.isfinite(value):  # a database that refuses one point would refuse all that come with it
                self._points[name, step] = MetricPoint(step, epoch, name, value)

    def write(self, **changes: object) -> bool:
        """Write what is pending and these changes of state; return whether the database took them."""
        self._changes |= changes
        try:
            self.run.write(self._changes, list(self._points.values()))
        except StoreError as error:
            if not self._is_told:
                _LOG.warning("%s The training goes on; its figures are written later.", error)
            self._is_told = True
            return False
        self._changes, self._points, self._is_told = {}, {}, False
        return True

    def finish(self, patience_s: float, **changes: object) -> None:
        """Write as ``write`` does, but try again for a while.

        Raises:
            StoreError: the database would not take it all that time.
        """
        deadline_s = time.monotonic() + patience_s
        while not self.write(**changes):
            if time.monotonic() > deadline_s:
                self.run.write(self._changes, list(self._points.values()))
                return
            time.sleep(_RETRY_EVERY_S)


def outlast_lock(patience_s: float, write: Callable[[], None]) -> None:
    """Write, and again for a while where another process keeps the database locked.

    Raises:
        StoreError: the database would not take it all that time, or cannot be used for another reason.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            return write()
        except StoreBusyError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(_RETRY_EVERY_S)
