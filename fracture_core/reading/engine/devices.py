"""Which processor computes: chosen by itself, or as asked. Apart: trainings choose theirs here as well."""

import torch

from fracture_core.base import DeviceError


def choose_device(wanted: str = "auto") -> torch.device:
    """Return the device: the one wanted, or the best there is (CUDA, MPS, CPU).

    Raises:
        DeviceError: the device wanted is not there; says which are.
    """
    available = list_devices()
    if wanted == "auto":
        return torch.device(available[0])
    if wanted not in available:
        raise DeviceError(f"The device '{wanted}' is not available here.", f"Use one of: auto, {', '.join(available)}.")
    return torch.device(wanted)


def list_devices() -> list[str]:
    """Return the devices that work here, best first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]
