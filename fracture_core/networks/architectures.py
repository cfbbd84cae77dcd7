"""From a ``NetworkConfig`` to the network that it describes."""

from fracture_core.networks.efficientnet_lite import EfficientNetLite0
from fracture_core.networks.inception import FractureNetwork, NetworkConfig, RadiographiesNet

ARCHITECTURES: dict[str, type[FractureNetwork]] = {
    "RadiographiesNet": RadiographiesNet,
    "EfficientNetLite0": EfficientNetLite0,
}


def build_network(config: NetworkConfig) -> FractureNetwork:
    """Return a network with fresh weights."""
    return ARCHITECTURES[config.architecture](config)
