"""What a network makes of a radiograph just before it decides: its pooled features."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from fracture_core.base import get_settings
from fracture_core.networks import (
    Checkpoint,
    FractureNetwork,
    Manifest,
    lay_out_for_speed,
    normalize_squares,
    read_checkpoint,
)
from fracture_core.reading import choose_device, keeping_features


def load_reader(checkpoint: Checkpoint) -> FractureNetwork:
    """Return the checkpoint's network on the settings' device; the last two stay in memory.

    Raises:
        CheckpointDamagedError: the weights are not the ones the manifest names.
        DeviceError: the device of the settings is not there.
    """
    return _load(checkpoint.directory, checkpoint.manifest.weights_sha256, get_settings().device)


def compute_features(network: FractureNetwork, squares: np.ndarray, manifest: Manifest) -> np.ndarray:
    """Return the vectors that the last linear layer takes, of length 1.

    Where the checkpoint reads each radiograph with its mirror image, they are the mean of
    both, which is what its call is made of; a left hand then lies close to a right one.

    Args:
        network: in eval mode.
        squares: ``(N, S, S)`` uint8 from ``letterbox``.

    Returns:
        ``(N, D)`` float32.
    """
    device = next(network.parameters()).device
    batch = torch.from_numpy(np.ascontiguousarray(squares)).to(device)
    inputs = normalize_squares(batch, manifest.preprocessing).contiguous(memory_format=torch.channels_last)
    pooled = _run(network, inputs)
    if manifest.mirrored:
        pooled = (pooled + _run(network, inputs.flip(3))) / 2
    return nn.functional.normalize(pooled.float(), dim=1).cpu().numpy()


@torch.inference_mode()
def _run(network: FractureNetwork, inputs: Tensor) -> Tensor:
    with keeping_features(network) as kept:
        network(inputs)
    return kept.passes[0]


@lru_cache(maxsize=2)
def _load(directory: Path, _weights_sha256: str, device: str) -> FractureNetwork:
    return lay_out_for_speed(read_checkpoint(directory).load_network()).to(choose_device(device))
