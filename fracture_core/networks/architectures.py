"""From a ``NetworkConfig`` to the network that it describes.

Apart: networks know nothing of each other, and whoever loads one need not know which there are.
"""

from typing import TypeVar

import torch

from fracture_core.networks.efficientnet_lite import EfficientNetLite0
from fracture_core.networks.inception import FractureNetwork, NetworkConfig, RadiographiesNet

_Network = TypeVar("_Network", bound=torch.nn.Module)

ARCHITECTURES: dict[str, type[FractureNetwork]] = {
    "RadiographiesNet": RadiographiesNet,
    "EfficientNetLite0": EfficientNetLite0,
}


def build_network(config: NetworkConfig) -> FractureNetwork:
    """Return a network with fresh weights."""
    return ARCHITECTURES[config.architecture](config)


def lay_out_for_speed(network: _Network) -> _Network:
    """Return the network with its weights in memory as convolutions are quickest on them (channels last)."""
    laid_out: _Network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch 2.13 types
    return laid_out
