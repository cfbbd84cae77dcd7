"""What is loaded once for all of a process: the networks that its doors read with."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from fracture_core.base import get_settings
from fracture_core.networks import Checkpoint
from fracture_core.reading.predictor import Predictor

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


def get_predictor(checkpoint: Checkpoint) -> Predictor:
    """Return the loaded network of a checkpoint, on the device of the settings; errors as of ``Predictor``."""
    device = get_settings().device
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint), device)
    return _predictors.get(key, lambda: Predictor(checkpoint, device))


def identify_checkpoint(checkpoint: Checkpoint) -> str:
    """Return a hash of the manifest: of the weights, and of how they are fed and judged."""
    return hashlib.sha256(checkpoint.manifest.model_dump_json().encode()).hexdigest()
