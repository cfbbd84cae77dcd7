"""What a run writes down while Lightning trains; the trainer does not know who plots."""

import math
import time
from typing import Any

import torch
from torch import nn

from fracture_core.base import TrainingError
from fracture_core.training.checkpoints import RunCheckpoints
from fracture_core.training.lightning_imports import Callback, L
from fracture_core.training.pace import Pace, measure_memory_gb
from fracture_core.training.runs.writer import RunWriter

STATE_EVERY_S = 1.0
LONGEST_PAUSE_S = 60.0  # between two tries of a database that does not take what it is given
LOSS_POINTS = 300  # at least, where the run has as many steps
LOSS_EVERY_STEPS = 5
LOSS_NAMES = {"train_loss", "map_loss", "call_loss", "feature_loss"}
VALIDATION_NAMES = ("val_accuracy", "val_auroc", "val_loss")


class RunRecorder(Callback):
    """Writes metrics and keeps the run's state fresh; in the leader alone."""

    def __init__(self, writer: RunWriter, pace: Pace, total_steps: int, epochs: int, batch_size: int) -> None:
        self._writer, self._pace, self._total_steps, self._epochs = writer, pace, total_steps, epochs
        self._batch_size = batch_size
        self._loss_every_steps = max(1, min(LOSS_EVERY_STEPS, total_steps // LOSS_POINTS))
        self._pause_s, self._write_next_s = STATE_EVERY_S, 0.0

    def state_dict(self) -> dict[str, Any]:
        """Keep with the checkpoint what the database lacks, so that a killed run loses no point before it."""
        return {"pending": [tuple(point) for point in self._writer.pending]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        for step, epoch, name, value in state_dict["pending"]:
            self._writer.add(step, epoch, {name: value})

    def on_train_start(self, trainer: L.Trainer, *_: Any) -> None:
        self._write_state(trainer)
        self._pace.start()

    def on_train_batch_end(self, trainer: L.Trainer, *_: Any) -> None:
        self._pace.end_step()
        step = trainer.global_step
        if step % self._loss_every_steps == 0:
            losses = {
                name: float(trainer.callback_metrics[name]) for name in LOSS_NAMES & trainer.callback_metrics.keys()
            }
            values = losses | {
                "learning_rate": trainer.optimizers[0].param_groups[0]["lr"],
                "images_per_s": self._batch_size / max(1e-6, self._pace.step_s or 0),
                "memory_gb": measure_memory_gb(trainer.strategy.root_device.type),
            }
            self._add(trainer, values)
        if time.monotonic() > self._write_next_s:
            self._write_state(trainer)

    def on_validation_start(self, *_: Any) -> None:
        self._pace.start()

    def on_train_epoch_end(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        self._pace.end_validation()
        found = {name: float(trainer.callback_metrics[name]) for name in VALIDATION_NAMES}
        if not all(math.isfinite(value) for value in found.values()):
            raise TrainingError(
                f"The network's output in validation is not a number at step {trainer.global_step}.",
                "Start again with a lower learning rate.",
            )
        self._add(trainer, found | {"train_accuracy": float(module.train_accuracy)})  # type: ignore[arg-type]  # a float of ours
        if time.monotonic() > self._write_next_s or self._pause_s == STATE_EVERY_S:
            self._write_state(trainer)

    def _add(self, trainer: L.Trainer, values: dict[str, float]) -> None:
        self._writer.add(trainer.global_step, trainer.current_epoch, values)

    def _write_state(self, trainer: L.Trainer) -> None:
        accuracy, auroc = (trainer.callback_metrics.get(name) for name in ("val_accuracy", "val_auroc"))
        known = (
            {} if accuracy is None or auroc is None else {"val_accuracy": float(accuracy), "val_auroc": float(auroc)}
        )
        is_taken = self._writer.write(
            status="running",
            epoch=min(trainer.current_epoch + 1, self._epochs),
            epochs=self._epochs,
            step=trainer.global_step,
            total_steps=self._total_steps,
            seconds_left=self._pace.estimate_left_s(trainer.global_step),
            **known,
        )
        # A locked database makes each try wait; were there one a second, the training would hardly get on.
        self._pause_s = STATE_EVERY_S if is_taken else min(LONGEST_PAUSE_S, 2 * self._pause_s)
        self._write_next_s = time.monotonic() + self._pause_s


class FiniteGradients(Callback):
    """Ends the training before a gradient that is not a number spoils the weights."""

    def __init__(self, checkpoints: RunCheckpoints) -> None:
        self._checkpoints = checkpoints

    def on_before_optimizer_step(
        self, trainer: L.Trainer, _module: L.LightningModule, optimizer: torch.optim.Optimizer
    ) -> None:
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        if torch.isfinite(nn.utils.get_total_norm(gradients)):
            return
        saved = self._checkpoints.saved_step
        raise TrainingError(
            f"The loss is not a number since step {trainer.global_step + 1}.",
            "Start again with a lower learning rate"
            + (f"; or resume from step {saved}, the last one saved." if saved else "."),
        )
