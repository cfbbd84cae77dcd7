"""A small world for the tests of the screens: a seeded checkpoint, a data set of drawn phantoms."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.networks.checkpoints import Checkpoint, save_checkpoint
from fracture_core.networks.inception import NetworkConfig, RadiographiesNet
from fracture_core.networks.manifest import Calibration
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints
from fracture_core.networks.preprocessing import Preprocessing

INPUT_PX = 32
THRESHOLD = 0.4


def make_checkpoint(
    directory: Path, *, seed: int = 0, threshold: float = THRESHOLD, zone: tuple[float, float] | None = None
) -> Checkpoint:
    """Save a network of random weights; what it calls means nothing, but is always the same."""
    torch.manual_seed(seed)
    network = RadiographiesNet(NetworkConfig(in_channels=1, input_size_px=INPUT_PX))
    return save_checkpoint(
        directory,
        network,
        {
            "preprocessing": Preprocessing(input_size_px=INPUT_PX, mean=0.3, std=0.25),
            "calibration": Calibration(),
            "operating_point": OperatingPoint(threshold=threshold, rule="fixed"),
            "operating_points": OperatingPoints(
                high_sensitivity=OperatingPoint(threshold=zone[0]), high_specificity=OperatingPoint(threshold=zone[1])
            )
            if zone
            else None,
        },
    )


def encode_phantom(seed: int = 3, *, fractured: bool = True, size_px: int = 192) -> bytes:
    """Return a drawn radiograph as the bytes of a PNG file."""
    phantom = draw_phantom(seed, region="forearm", fractured=fractured, size_px=size_px)
    buffer = io.BytesIO()
    Image.fromarray(np.rint(phantom.pixels * 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def write_dataset(directory: Path, *, count: int = 12) -> Path:
    """Write class folders of drawn radiographs, half of them fractured."""
    for number in range(count):
        fractured = number % 2 == 1
        folder = directory / ("fractured" if fractured else "not fractured")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:02d}.png").write_bytes(encode_phantom(100 + number, fractured=fractured, size_px=96))
    return directory
