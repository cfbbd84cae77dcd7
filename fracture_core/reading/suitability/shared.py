"""The gates of the networks that a process has loaded."""

from fracture_core.networks import Checkpoint
from fracture_core.reading.shared import Shared, identify_checkpoint
from fracture_core.reading.suitability.check import SuitabilityCheck

_gates: Shared[SuitabilityCheck] = Shared(3)


def get_suitability_check(checkpoint: Checkpoint) -> SuitabilityCheck:
    """Return a checkpoint's gate, shared by all of the process; errors as of ``Gate.of``."""
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint))
    return _gates.get(key, lambda: SuitabilityCheck.of(checkpoint))
