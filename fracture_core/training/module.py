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

from fracture_core.network import BLOCK_CHANNELS, RadiographiesNet  # noqa: E402
from fracture_core.preprocessing import Preprocessing, standardize  # noqa: E402
from fracture_core.training.augmentation import augment  # noqa: E402
from fracture_core.training.recipes import Recipe  # noqa: E402

Batch = tuple[Tensor, Tensor, Tensor]  # squares (N, S, S) uint8, labels (N,), box masks (N, s, s) uint8


class FractureModule(L.LightningModule):
    """Trains a ``RadiographiesNet`` by a recipe.

    Next to the image label, boxes of marked fractures can supervise the maps: a
    1x1 convolution, dropped after training, learns to mark boxes on the last
    feature maps, and the class activation map is asked to peak inside a box.
    """

    def __init__(
        self, network: RadiographiesNet, preprocessing: Preprocessing, recipe: Recipe, *, total_steps: int, seed: int
    ) -> None:
        super().__init__()
        self.network = network.to(memory_format=torch.channels_last)
        self.box_head = nn.Conv2d(BLOCK_CHANNELS[-1], 1, 1) if recipe.map_weight else None
        self.preprocessing, self.recipe = preprocessing, recipe
        self.total_steps, self.seed = total_steps, seed
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
        inputs = self._normalize(images.squeeze(1))
        features = self.network.extract_features(inputs)
        logits = self.network.classify_features(features)
        loss = F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self.log("train_loss", loss.detach())
        self.train_accuracy.update(logits.detach().argmax(1), labels)
        self.log("train_accuracy", self.train_accuracy, on_step=False, on_epoch=True)
        if self.box_head is not None:
            map_loss = self._compute_map_loss(features, masks, labels)
            self.log("map_loss", map_loss.detach())
            loss = loss + self.recipe.map_weight * map_loss
        return loss

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
        optimizer = torch.optim.AdamW(self.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
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

    def _compute_map_loss(self, features: Tensor, masks: Tensor, labels: Tensor) -> Tensor:
        targets = (F.adaptive_max_pool2d(masks, features.shape[-2:]) > 0.25).flatten(1).float()  # (N, h*w)
        marked = targets.any(dim=1)
        # A fractured radiograph without boxes says nothing about where.
        usable = marked | (labels == 0)
        box_logits = self.box_head(features).flatten(1).float()
        loss = F.binary_cross_entropy_with_logits(
            box_logits[usable], targets[usable], pos_weight=box_logits.new_tensor(10.0)
        ) if usable.any() else features.new_zeros(())
        if marked.any():
            weight = self.network.classifier.weight
            margin = F.conv2d(features, (weight[1] - weight[0])[None, :, None, None]).flatten(1).float()
            inside = (margin[marked].log_softmax(dim=1) + targets[marked].log()).logsumexp(dim=1)
            loss = loss - 0.1 * inside.mean()
        return loss
