"""What a run can be resumed from: saved whole, at every moment from which Lightning can go on exactly."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from fracture_core.base import write_atomically_with
from fracture_core.training.lightning_imports import Checkpoint, L, TorchCheckpointIO
from fracture_core.training.processes import Processes
from fracture_core.training.runs.run import Run
from fracture_core.training.runs.stop_request import TrainingStopped
from fracture_core.training.space import build_full_error, check_space, is_full_disk, measure_bytes

SAVE_EVERY_S = 300.0  # amid an epoch; what a killed training loses at most


class WholeCheckpointIO(TorchCheckpointIO):
    """Writes a checkpoint whole or not at all; an earlier one stays as it was."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any | None = None) -> None:
        """Write ``checkpoint`` in the place of ``path``.

        Raises:
            TrainingError: there is no room on the disk.
        """
        target = Path(path)
        check_space(target.parent, measure_bytes(checkpoint))
        try:
            write_atomically_with(target, lambda temporary: torch.save(checkpoint, temporary))
        except (OSError, RuntimeError) as error:
            if is_full_disk(error):
                raise build_full_error(target.parent) from error
            raise


class RunCheckpoints(Checkpoint):
    """Saves ``last.ckpt`` and ``best.ckpt``, and ends the training where it is asked to.

    There are three moments to save at, for Lightning goes on from each exactly: after
    a batch that is not the epoch's last, before validation (which is then done again),
    and at the end of an epoch. All processes take part; the leader alone decides.

    Args:
        find_stop_reason: of the leader; "" to go on.
        listen: takes the signals back from Lightning, which on SIGTERM waits for the other processes amid a batch.
    """

    def __init__(
        self, run: Run, processes: Processes, find_stop_reason: Callable[[], str], listen: Callable[[], None]
    ) -> None:
        self._run, self._processes = run, processes
        self._find_stop_reason, self._listen = find_stop_reason, listen
        self._best_auroc: float | None = None
        self._saved_s = time.monotonic()
        self.saved_step: int | None = None

    def state_dict(self) -> dict[str, Any]:
        return {"best_auroc": self._best_auroc}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._best_auroc = state_dict["best_auroc"]

    def on_train_start(self, trainer: L.Trainer, *_: Any) -> None:
        self._listen()
        self.saved_step = trainer.global_step or None

    def on_train_batch_end(self, trainer: L.Trainer, module: L.LightningModule, _o: Any, _b: Any, index: int) -> None:
        if index + 1 == trainer.num_training_batches:  # validation begins at once, and is saved before
            return
        is_due = time.monotonic() - self._saved_s > SAVE_EVERY_S
        reason, is_due = self._processes.share((self._find_stop_reason(), is_due))
        if reason or is_due:
            self._save(trainer, self._run.resume_path)
        _stop_for(reason)

    def on_validation_start(self, trainer: L.Trainer, *_: Any) -> None:
        self._save(trainer, self._run.resume_path)
        self._obey()

    def on_validation_batch_end(self, *_: Any) -> None:
        self._obey()

    def on_train_epoch_end(self, trainer: L.Trainer, *_: Any) -> None:
        auroc = float(trainer.callback_metrics["val_auroc"])
        if self._best_auroc is None or auroc > self._best_auroc:
            self._best_auroc = auroc
            self._save(trainer, self._run.best_path)
            if trainer.is_global_zero:
                _share_file(self._run.best_path, self._run.resume_path)
        else:
            self._save(trainer, self._run.resume_path)
        self._obey()

    def on_save_checkpoint(self, trainer: L.Trainer, _module: L.LightningModule, checkpoint: dict[str, Any]) -> None:
        if trainer.validating:
            # Lightning validates again where it finds a validation begun and not ended; else it would go on without.
            progress = checkpoint["loops"]["fit_loop"]["epoch_loop.val_loop.batch_progress"]
            for counts in (progress["total"], progress["current"]):
                counts.update(ready=1, started=1, processed=0, completed=0)

    def _save(self, trainer: L.Trainer, path: Path) -> None:
        trainer.save_checkpoint(path)
        self._saved_s, self.saved_step = time.monotonic(), trainer.global_step

    def _obey(self) -> None:
        _stop_for(self._processes.share(self._find_stop_reason()))


def _stop_for(reason: str) -> None:
    if reason:
        raise TrainingStopped(reason)


def _share_file(source: Path, target: Path) -> None:
    """Let ``target`` be the same file as ``source``, atomically: ``source`` is only ever replaced, never changed."""

    def link(temporary: Path) -> None:
        temporary.unlink()
        try:
            os.link(source, temporary)
        except OSError:  # a file system without links
            temporary.write_bytes(source.read_bytes())

    write_atomically_with(target, link)
