"""The forward pass that reading and evaluation share, and the pooled features kept of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from fracture_core.base import NumericsError
from fracture_core.networks import Calibration, FractureNetwork, Preprocessing, normalize_squares

# Radiographs a pass. On a CPU a few are the quickest: the feature maps of many leave its caches, and fill the memory.
_BATCH_SIZE_OF_CPU, _BATCH_SIZE = 4, 32


def choose_batch_size(device: str) -> int:
    """Return how many radiographs a pass takes on this type of device."""
    return _BATCH_SIZE_OF_CPU if device == "cpu" else _BATCH_SIZE


@torch.inference_mode()
def compute_margins_and_maps(
    network: FractureNetwork, squares: Tensor, preprocessing: Preprocessing, *, mirrored: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the logit margin (fractured minus not) and the map of evidence for a fracture.

    Args:
        network: in eval mode.
        squares: ``(N, S, S)`` uint8 on the network's device.
        mirrored: read each radiograph and its mirror image, and average what they say.

    Returns:
        ``(N,)`` float64 margins and ``(N, S/16, S/16)`` float32 maps, in logits.

    Raises:
        NumericsError: a margin is not finite.
    """
    inputs = normalize_squares(squares, preprocessing).contiguous(memory_format=torch.channels_last)
    _, logits, maps = network.forward_with_features(inputs)
    if mirrored:
        _, other_logits, other_maps = network.forward_with_features(inputs.flip(3))
        logits, maps = (logits + other_logits) / 2, (maps + other_maps.flip(2)) / 2
    margins = (logits[:, 1] - logits[:, 0]).double().cpu().numpy()
    if not np.isfinite(margins).all():
        raise NumericsError("The network's output is not finite.", "The checkpoint is damaged: train or copy it again.")
    return margins, maps.float().cpu().numpy()


def compute_all_margins_and_maps(
    network: FractureNetwork,
    squares: np.ndarray,
    preprocessing: Preprocessing,
    *,
    mirrored: bool = False,
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the logit margin and the map of each of ``(N, S, S)`` uint8 squares, batch by batch.

    Returns:
        ``(N,)`` float64 margins and ``(N, S/16, S/16)`` float32 maps, in logits; N must not be 0.
    """
    device = next(network.parameters()).device
    batch_size = batch_size or choose_batch_size(device.type)
    margins, maps = [], []
    for start in range(0, len(squares), batch_size):
        batch = torch.from_numpy(np.ascontiguousarray(squares[start : start + batch_size])).to(device)
        batch_margins, batch_maps = compute_margins_and_maps(network, batch, preprocessing, mirrored=mirrored)
        margins.append(batch_margins)
        maps.append(batch_maps)
        if progress:
            progress(start + len(batch), len(squares))
    return np.concatenate(margins), np.concatenate(maps)


def calibrate(margins: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Return calibrated probabilities of fracture of logit margins, in [0, 1]."""
    logits = np.clip(calibration.scale * np.asarray(margins, np.float64) + calibration.offset, -60, 60)
    return 1.0 / (1.0 + np.exp(-logits))


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
