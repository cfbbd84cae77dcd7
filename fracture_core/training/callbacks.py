"""What a run writes down while Lightning trains; the trainer does not know who plots."""

import time
from typing import Any

import lightning as L
from lightning.pytorch.callbacks import Callback

from fracture_core.run_writer import RunWriter
from fracture_core.stop_request import StopRequest

STATE_EVERY_S = 1.0
LOSS_POINTS = 300  # at least, where the run has as many steps
LOSS_EVERY_STEPS = 5
LOSS_NAMES = {"train_loss", "map_loss", "call_loss", "feature_loss"}
VALIDATION_NAMES = ("val_accuracy", "val_auroc", "val_loss", "train_accuracy")


class RunRecorder(Callback):
    """Appends metrics, keeps the run's state fresh and obeys a request to stop."""

    def __init__(self, writer: RunWriter, stop: StopRequest, total_steps: int, epochs: int) -> None:
        self._writer, self._stop, self._total_steps, self._epochs = writer, stop, total_steps, epochs
        self._loss_every_steps = max(1, min(LOSS_EVERY_STEPS, total_steps // LOSS_POINTS))
        self._state_written_s = 0.0
        self._started_s = 0.0
        self._first_step = 0

    def on_train_start(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        self._started_s, self._first_step = time.monotonic(), trainer.global_step
        self._write_state(trainer)

    def on_train_batch_end(self, trainer: L.Trainer, *_: Any) -> None:
        step = trainer.global_step
        if step % self._loss_every_steps == 0:
            losses = {name: float(trainer.callback_metrics[name]) for name in LOSS_NAMES & trainer.callback_metrics.keys()}
            values = losses | {
                "learning_rate": trainer.optimizers[0].param_groups[0]["lr"],
                "images_per_s": self._measure_speed(trainer),
            }
            self._writer.add(step, trainer.current_epoch, values)
        if time.monotonic() - self._state_written_s > STATE_EVERY_S:
            self._write_state(trainer)
        if self._stop.find_reason():
            self._writer.write(status="stopping")
            self._stop.check()

    def on_train_epoch_end(self, trainer: L.Trainer, *_: Any) -> None:
        found = {name: float(trainer.callback_metrics[name]) for name in VALIDATION_NAMES}
        self._writer.add(trainer.global_step, trainer.current_epoch, found)
        self._write_state(trainer)

    def _measure_speed(self, trainer: L.Trainer) -> float:
        steps = trainer.global_step - self._first_step
        batch_size = trainer.train_dataloader.batch_size  # type: ignore[union-attr]
        return steps * batch_size / max(1e-6, time.monotonic() - self._started_s)

    def _write_state(self, trainer: L.Trainer) -> None:
        self._state_written_s = time.monotonic()
        steps_done = trainer.global_step - self._first_step
        elapsed_s = time.monotonic() - self._started_s
        left = (self._total_steps - trainer.global_step) * elapsed_s / steps_done if steps_done else None
        accuracy, auroc = (trainer.callback_metrics.get(name) for name in ("val_accuracy", "val_auroc"))
        self._writer.write(
            status="running",
            epoch=min(trainer.current_epoch + 1, self._epochs),
            epochs=self._epochs,
            step=trainer.global_step,
            total_steps=self._total_steps,
            seconds_left=left,
            val_accuracy=None if accuracy is None else float(accuracy),
            val_auroc=None if auroc is None else float(auroc),
        )
