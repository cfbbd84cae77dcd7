"""The pooled features of a forward pass, kept while it is made: no second pass is needed for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from fracture_core.networks import FractureNetwork


@dataclass
class Features:
    """What the last linear layer was given, pass by pass."""

    passes: list[Tensor] = field(default_factory=list)

    def to_numpy(self) -> np.ndarray | None:
        """Return ``(N, D)`` float32 of the first pass, in which no picture is mirrored; None if there was none."""
        return self.passes[0].float().cpu().numpy() if self.passes else None

    def of(self, index: int) -> np.ndarray | None:
        """Return ``(D,)`` float32 of one picture of the batch."""
        return self.passes[0][index].float().cpu().numpy() if self.passes else None


@contextmanager
def keeping_features(network: FractureNetwork) -> Iterator[Features]:
    """Note what ``network.classifier`` is given while the block runs."""
    kept = Features()
    classifier = network.get_submodule("classifier")
    handle = classifier.register_forward_pre_hook(lambda _, given: kept.passes.append(given[0].detach()))
    try:
        yield kept
    finally:
        handle.remove()
