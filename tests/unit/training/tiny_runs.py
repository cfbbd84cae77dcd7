"""Runs of seconds, for the tests of training: stopped at any moment, and compared."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import Run, TrainingRequest, create_run
from tests.tiny_world import write_dataset

MEASURED_ANEW = {"images_per_s", "memory_gb"}  # of an attempt's own speed


def start_run(settings: Settings, *, epochs: int = 2, count: int = 24, **changes: Any) -> Run:
    """Create a run on a drawn data set at 32 px: dropout, augmentation, averaging and the cosine schedule are on."""
    root = settings.data_dir / "drawn"
    if not root.is_dir():
        write_dataset(root, count=count)
    values = {"data": ("drawn",), "recipe": "quick", "epochs": epochs, "input_size_px": 32, "batch_size": 5}
    return create_run(TrainingRequest(**values | {"device": "cpu"} | changes))


def ask_to_stop(run: Run) -> None:
    """Do what a person's click does."""
    run.update_state(stop_requested=True)


def finish(run: Run, kept: Path) -> Checkpoint | None:
    """Train to the end, and keep the last ``last.ckpt``, which a finished run deletes."""

    def keep(what: str, _done: int, _total: int) -> None:
        if what == "Calibrating":
            shutil.copy(run.resume_path, kept)

    return run_training(run, progress=keep)


def read_curve(run: Run) -> dict[tuple[str, int], float]:
    """Return all points that do not depend on the clock."""
    return {(point.name, point.step): point.value for point in run.read_metrics() if point.name not in MEASURED_ANEW}


def assert_same_end(first: Path, second: Path, *, tolerance: float = 1e-5) -> None:
    """Compare weights, averaged weights, optimizer and schedule of two ``last.ckpt``."""
    one, other = (torch.load(path, weights_only=True) for path in (first, second))
    assert one["global_step"] == other["global_step"] and one["lr_schedulers"] == other["lr_schedulers"]
    for part in ("state_dict", "current_model_state", "optimizer_states", "averaging_state", "train_accuracy"):
        torch.testing.assert_close(one[part], other[part], atol=tolerance, rtol=tolerance)


def calls_once(action: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does it the first time only."""
    done: list[bool] = []

    def call() -> None:
        if not done:
            done.append(True)
            action()

    return call
