"""A trained network whose view of each augmented batch another network learns."""

import torch
from torch import Tensor

from fracture_core.errors import TrainingError
from fracture_core.preprocessing import Preprocessing, standardize
from fracture_core.registry import find_checkpoint


class Teacher:
    """A checkpoint that is only looked at.

    Raises:
        CheckpointError: there is none of that name, or it is damaged.
        TrainingError: it sees radiographs prepared in another way than the pupil.
    """

    def __init__(self, name: str, pupil: Preprocessing, device: torch.device) -> None:
        checkpoint = find_checkpoint(name)
        self._preprocessing = checkpoint.manifest.preprocessing
        own, other = (_describe(preprocessing) for preprocessing in (self._preprocessing, pupil))
        if own != other:
            raise TrainingError(
                f"The teacher '{name}' sees radiographs of {own}, the network in training {other}.",
                "Train both at the same size.",
            )
        self._network = checkpoint.load_network().to(device, memory_format=torch.channels_last)
        self.feature_channels = self._network.feature_channels

    @torch.no_grad()
    def look_at(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return last feature maps ``(N, C, S/16, S/16)`` and ``(N, 2)`` logits of ``(N, S, S)`` images in [0, 1]."""
        inputs = standardize(images, self._preprocessing).contiguous(memory_format=torch.channels_last)
        features, logits, _ = self._network.forward_with_features(inputs)
        return features, logits


def _describe(preprocessing: Preprocessing) -> str:
    return f"{preprocessing.input_size_px} px, stretched to {preprocessing.stretch_percentiles}"
