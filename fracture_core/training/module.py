"""The LightningModule: losses, optimizer and what is measured on the way."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fracture_core.networks import FractureNetwork, Preprocessing, lay_out_for_speed, standardize_images
from fracture_core.training.augmentation import augment
from fracture_core.training.lightning_imports import BinaryAccuracy, BinaryAUROC, L, MeanMetric
from fracture_core.training.losses import compute_call_loss, compute_feature_loss, compute_mark_loss
from fracture_core.training.recipes import Recipe
from fracture_core.training.sampling import Batch
from fracture_core.training.synchrony import find_own_slice, gather
from fracture_core.training.teacher import Teacher


class FractureModule(L.LightningModule):
    """Trains a network by a recipe: on labels, and where there are any on fracture boxes and a teacher's view.

    Where several processes train together, each is given the whole batch, computes its
    slice, and sees the outputs of all: losses and figures are those of one process.
    """

    def __init__(
        self,
        network: FractureNetwork,
        preprocessing: Preprocessing,
        recipe: Recipe,
        *,
        total_steps: int,
        seed: int,
        teacher: Teacher | None = None,
    ) -> None:
        super().__init__()
        self.network = lay_out_for_speed(network)
        self.preprocessing, self.recipe = preprocessing, recipe
        self.total_steps, self.seed = total_steps, seed
        self._teacher = [teacher] if teacher else []  # in a list: no part of this module's weights
        self.projection = (
            nn.Conv2d(network.feature_channels, teacher.feature_channels, 1)
            if teacher and recipe.feature_weight
            else None
        )
        alike: dict[str, Any] = {"sync_on_compute": False}  # all processes see all outputs
        self.val_accuracy, self.val_auroc = BinaryAccuracy(**alike), BinaryAUROC(**alike)
        self.val_loss = MeanMetric(**alike)
        self._right: int | Tensor = 0  # of this epoch's training
        self._seen = 0

    def forward(self, inputs: Tensor) -> Tensor:
        result: Tensor = self.network(inputs)
        return result

    def on_train_epoch_start(self) -> None:  # not called where an epoch is gone on with
        self._right, self._seen = 0, 0

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["train_accuracy"] = [int(self._right), self._seen]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self._right, self._seen = checkpoint["train_accuracy"]

    @property
    def train_accuracy(self) -> float:
        """Share of right calls in this epoch's training so far."""
        return int(self._right) / max(1, self._seen)

    def on_train_batch_start(self, _batch: Batch, _index: int) -> None:
        # So that a step done again after a stop draws the augmentation and dropout it would have drawn.
        torch.manual_seed(self._step_seed)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        squares, labels, masks = batch
        count, own = len(labels), find_own_slice(len(labels))
        images, masks = augment(
            squares.unsqueeze(1).float() / 255.0, masks.unsqueeze(1).float(), self.recipe.augmentation, own
        )
        if own.start:
            torch.manual_seed(self._step_seed + own.start)  # another dropout than the first process's
        images = images.squeeze(1)
        features, logits, maps = self.network.forward_with_features(self._normalize(images))
        features.register_hook(_put_channels_last)  # type: ignore[no-untyped-call]  # torch leaves it without types
        losses = self._compare_with_teacher(images, features, logits, count)
        logits, maps, masks = gather(logits, count), gather(maps, count), gather(masks, count)
        losses["train_loss"] = F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        if self.recipe.map_weight:
            losses["map_loss"] = self.recipe.map_weight * compute_mark_loss(maps, masks, labels)
        self.log_dict({name: loss.detach() for name, loss in losses.items()})
        self._right, self._seen = self._right + (logits.detach().argmax(1) == labels).sum(), self._seen + count
        return torch.stack(list(losses.values())).sum()

    def validation_step(self, batch: Batch, _: int) -> None:
        squares, labels, _masks = batch
        own = find_own_slice(len(labels))
        logits = gather(self.network(self._normalize(squares[own].float() / 255.0)).float(), len(labels))
        p_fracture = logits.softmax(dim=1)[:, 1]
        self.val_accuracy.update(p_fracture, labels)
        self.val_auroc.update(p_fracture, labels)
        self.val_loss.update(F.cross_entropy(logits, labels), len(labels))
        for name in ("val_loss", "val_accuracy", "val_auroc"):
            self.log(name, getattr(self, name), batch_size=len(labels))

    def configure_optimizers(self) -> Any:
        recipe = self.recipe
        trained = [parameter for parameter in self.parameters() if parameter.requires_grad]
        optimizer = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        if recipe.schedule == "constant":
            return optimizer
        warm_up = max(1, self.total_steps // 20)

        def factor(step: int) -> float:
            if step < warm_up:
                return (step + 1) / warm_up
            return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm_up) / max(1, self.total_steps - warm_up))))

        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    @property
    def _step_seed(self) -> int:
        return self.seed * 1_000_003 + self.global_step

    def _normalize(self, images: Tensor) -> Tensor:
        """Return the network's input of ``(N, S, S)`` float32 in [0, 1]."""
        return standardize_images(images, self.preprocessing).contiguous(memory_format=torch.channels_last)

    def _compare_with_teacher(self, images: Tensor, features: Tensor, logits: Tensor, count: int) -> dict[str, Tensor]:
        """Return the losses beside the label's; ``count`` is of the batch of which the tensors are a slice."""
        if not self._teacher:
            return {}
        teacher_features, teacher_logits = self._teacher[0].look_at(images)
        call_loss = compute_call_loss(gather(logits, count), gather(teacher_logits, count))
        losses = {"call_loss": self.recipe.call_weight * call_loss}
        if self.projection is not None:
            projected = self.projection(features)
            teacher_features = F.adaptive_avg_pool2d(teacher_features, projected.shape[-2:])
            distance = compute_feature_loss(gather(projected, count), gather(teacher_features, count))
            losses["feature_loss"] = self.recipe.feature_weight * distance
        return losses


def _put_channels_last(gradient: Tensor) -> Tensor:
    """Average pooling spreads its gradient channels-first; the pool before it would then copy its larger maps."""
    return gradient.contiguous(memory_format=torch.channels_last)
