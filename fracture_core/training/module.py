"""The LightningModule: losses, optimizer and what is measured on the way."""

import math
from typing import Any

from fracture_core.torchvision_compat import ensure_torchvision_imports

ensure_torchvision_imports()  # lightning and torchmetrics import torchvision

import lightning as L  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torchmetrics.classification import BinaryAccuracy, BinaryAUROC  # noqa: E402

from fracture_core.network import FractureNetwork  # noqa: E402
from fracture_core.preprocessing import Preprocessing, standardize  # noqa: E402
from fracture_core.training.augmentation import augment  # noqa: E402
from fracture_core.training.losses import compute_call_loss, compute_feature_loss, compute_mark_loss  # noqa: E402
from fracture_core.training.recipes import Recipe  # noqa: E402
from fracture_core.training.teacher import Teacher  # noqa: E402

Batch = tuple[Tensor, Tensor, Tensor]  # squares (N, S, S) uint8, labels (N,), box masks (N, s, s) uint8


class FractureModule(L.LightningModule):
    """Trains a network by a recipe: on labels, and where there are any on fracture boxes and a teacher's view."""

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
        self.network = network.to(memory_format=torch.channels_last)
        self.preprocessing, self.recipe = preprocessing, recipe
        self.total_steps, self.seed = total_steps, seed
        self._teacher = [teacher] if teacher else []  # in a list: no part of this module's weights
        self.projection = (
            nn.Conv2d(network.feature_channels, teacher.feature_channels, 1) if teacher and recipe.feature_weight else None
        )
        self.val_accuracy, self.val_auroc = BinaryAccuracy(), BinaryAUROC()
        self.train_accuracy = BinaryAccuracy()

    def forward(self, inputs: Tensor) -> Tensor:
        return self.network(inputs)

    def on_train_batch_start(self, _batch: Batch, _index: int) -> None:
        # So that a step done again after a stop draws the augmentation and dropout it would have drawn.
        torch.manual_seed(self.seed * 1_000_003 + self.global_step)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        squares, labels, masks = batch
        images, masks = augment(
            squares.unsqueeze(1).float() / 255.0, masks.unsqueeze(1).float(), self.recipe.augmentation
        )
        images = images.squeeze(1)
        features, logits, maps = self.network.forward_with_features(self._normalize(images))
        losses = {"train_loss": F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)}
        if self.recipe.map_weight:
            losses["map_loss"] = self.recipe.map_weight * compute_mark_loss(maps, masks, labels)
        losses |= self._compare_with_teacher(images, features, logits)
        self.log_dict({name: loss.detach() for name, loss in losses.items()})
        self.train_accuracy.update(logits.detach().argmax(1), labels)
        self.log("train_accuracy", self.train_accuracy, on_step=False, on_epoch=True)
        return torch.stack(list(losses.values())).sum()

    def validation_step(self, batch: Batch, _: int) -> None:
        squares, labels, _masks = batch
        logits = self.network(self._normalize(squares.float() / 255.0)).float()
        p_fracture = logits.softmax(dim=1)[:, 1]
        self.val_accuracy.update(p_fracture, labels)
        self.val_auroc.update(p_fracture, labels)
        self.log("val_loss", F.cross_entropy(logits, labels), batch_size=len(labels))
        self.log("val_accuracy", self.val_accuracy)
        self.log("val_auroc", self.val_auroc)

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

    def _normalize(self, images: Tensor) -> Tensor:
        """Return the network's input of ``(N, S, S)`` float32 in [0, 1]."""
        return standardize(images, self.preprocessing).contiguous(memory_format=torch.channels_last)

    def _compare_with_teacher(self, images: Tensor, features: Tensor, logits: Tensor) -> dict[str, Tensor]:
        if not self._teacher:
            return {}
        teacher_features, teacher_logits = self._teacher[0].look_at(images)
        losses = {"call_loss": self.recipe.call_weight * compute_call_loss(logits, teacher_logits)}
        if self.projection is not None:
            distance = compute_feature_loss(self.projection(features), teacher_features)
            losses["feature_loss"] = self.recipe.feature_weight * distance
        return losses
