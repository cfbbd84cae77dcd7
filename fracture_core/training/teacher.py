"""A trained network whose view of each augmented batch another network learns."""

import torch
import torch.nn.functional as F
from torch import Tensor

from fracture_core.base import TrainingError
from fracture_core.networks import Preprocessing, find_checkpoint, lay_out_for_speed, standardize_images


class Teacher:
    """A checkpoint that is only looked at.

    Raises:
        CheckpointError: there is none of that name, or it is damaged.
        TrainingError: it sees radiographs of another contrast than the pupil.
    """

    def __init__(self, name: str, pupil: Preprocessing, device: torch.device) -> None:
        checkpoint = find_checkpoint(name)
        self._preprocessing = own = checkpoint.manifest.preprocessing
        if own.stretch_percentiles != pupil.stretch_percentiles:
            raise TrainingError(
                f"The teacher '{name}' sees radiographs stretched to {own.stretch_percentiles}, "
                f"the network in training to {pupil.stretch_percentiles}.",
                "Use a recipe that stretches as the teacher's did.",
            )
        self._side_px = int(checkpoint.manifest.recipe.get("input_size_px", own.input_size_px))
        self._network = lay_out_for_speed(checkpoint.load_network()).to(device)
        self.feature_channels = self._network.feature_channels

    @torch.no_grad()
    def look_at(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return last feature maps ``(N, C, s, s)`` and ``(N, 2)`` logits of ``(N, S, S)`` images in [0, 1].

        The images are resized to what the teacher was trained at, so that what is
        in them has the size that it knows.
        """
        side = self._side_px
        if images.shape[-1] != side:
            images = F.interpolate(images[:, None], size=(side, side), mode="bilinear", antialias=True)[:, 0]
        inputs = standardize_images(images, self._preprocessing).contiguous(memory_format=torch.channels_last)
        features, logits, _ = self._network.forward_with_features(inputs)
        return features, logits
