"""What is loaded once for all of a process: the networks and suitability checks that its doors read with."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fracture_core.base import get_settings
from fracture_core.networks import Checkpoint, identify_checkpoint
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.reading.suitability.check import SuitabilityCheck

T = TypeVar("T")
_KEPT = 3


class Shared(Generic[T]):
    """The most recently used things by key; each is made once, however many threads ask for it.

    Args:
        kept: so many; what was not used for longest is let go.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the thing of a key, made where it is not there; what ``make`` raises is not kept."""
        with self._lock:
            if key not in self._things:
                self._things[key] = make()
            self._things.move_to_end(key)
            while len(self._things) > self._kept:
                self._things.popitem(last=False)
            return self._things[key]


_predictors: Shared[Predictor] = Shared(_KEPT)
_checks: Shared[SuitabilityCheck] = Shared(_KEPT)


def get_predictor(checkpoint: Checkpoint) -> Predictor:
    """Return the loaded network of a checkpoint, on the device of the settings; errors as of ``Predictor``."""
    device = get_settings().device
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint), device)
    return _predictors.get(key, lambda: Predictor(checkpoint, device))


def get_suitability_check(checkpoint: Checkpoint) -> SuitabilityCheck:
    """Return a checkpoint's suitability check, shared by all of the process; errors as of ``SuitabilityCheck.of``."""
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint))
    return _checks.get(key, lambda: SuitabilityCheck.of(checkpoint))


@dataclass(frozen=True)
class LoadedCheckpoint:
    """A checkpoint's network and its suitability check, ready to read; shared between threads."""

    predictor: Predictor
    check: SuitabilityCheck

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "LoadedCheckpoint":
        """Return what the process has loaded, on the device of the settings; errors as of ``Predictor``."""
        return cls(get_predictor(checkpoint), get_suitability_check(checkpoint))

    @classmethod
    def on(cls, checkpoint: Checkpoint, device: str) -> "LoadedCheckpoint":
        """Return it loaded on a device of one's own choice; errors as of ``Predictor``."""
        return cls(Predictor(checkpoint, device), SuitabilityCheck.of(checkpoint))
