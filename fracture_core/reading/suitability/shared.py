"""The gates of the networks that a process has loaded."""

from fracture_core.networks import Checkpoint
from fracture_core.reading.shared import Shared, identify_checkpoint
from fracture_core.reading.suitability.check import Gate

_gates: Shared[Gate] = Shared(3)


def get_gate(checkpoint: Checkpoint) -> Gate:
    """Return a checkpoint's gate, shared by all of the process; errors as of ``Gate.of``."""
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint))
    return _gates.get(key, lambda: Gate.of(checkpoint))
