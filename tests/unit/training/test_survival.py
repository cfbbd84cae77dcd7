"""What a training lives through, and what it says where it cannot: nothing that was saved is ever lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from fracture_core.base.errors import DatasetError, RunHeldError, TrainingError
from fracture_core.base.settings import PROJECT_DIR, Settings, get_settings
from fracture_core.training import finish as finish_module
from fracture_core.training import space
from fracture_core.training.checkpoints import WholeCheckpointIO
from fracture_core.training.module import FractureModule
from fracture_core.training.recipes import RECIPES
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import Run
from fracture_core.training.runs.stop_request import StopRequest
from fracture_core.training.runs.turns import take_turn
from tests.unit.training.tiny_runs import ask_to_stop, read_curve, start_run


def at_step(monkeypatch: pytest.MonkeyPatch, step: int, action: Callable[[], None]) -> None:
    """Do something before this step (counted from 0) begins."""
    real = FractureModule.on_train_batch_start

    def hook(self: FractureModule, batch: Any, index: int) -> None:
        if self.global_step == step:
            action()
        real(self, batch, index)

    monkeypatch.setattr(FractureModule, "on_train_batch_start", hook)


def stop_after(run: Run, step: int) -> None:
    """Train until ``step`` steps are done, and be stopped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fracture_core.training.runs.stop_request._LOOK_EVERY_S", 0.0)
        at_step(patch, step - 1, lambda: ask_to_stop(run))
        assert run_training(run) is None


@pytest.mark.slow
def test_loss_that_is_no_number_spoils_nothing(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_run(own_settings)
    real = FractureModule.training_step

    def divide_by_zero(self: FractureModule, batch: Any, index: int) -> torch.Tensor:
        return real(self, batch, index) * (torch.inf if self.global_step == 4 else 1)

    monkeypatch.setattr(FractureModule, "training_step", divide_by_zero)
    with pytest.raises(TrainingError, match=r"not a number since step 5.*lower learning rate.*step 3"):
        run_training(run)
    state = run.read_state()
    assert state.status == "failed" and "lower learning rate" in state.reason
    saved = torch.load(run.resume_path, weights_only=True)
    assert saved["global_step"] == 3
    assert all(torch.isfinite(weight).all() for weight in saved["current_model_state"].values())
    monkeypatch.setattr(FractureModule, "training_step", real)
    assert run_training(run) is not None


def test_absurd_learning_rate_ends_with_advice(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wild = RECIPES["quick"].model_copy(update={"schedule": "constant", "weight_decay": 0.0})
    monkeypatch.setitem(RECIPES, "quick", wild)
    real = FractureModule.configure_optimizers

    def without_measure(self: FractureModule) -> Any:
        optimizer = real(self)
        optimizer.param_groups[0]["lr"] = 1e30
        return optimizer

    monkeypatch.setattr(FractureModule, "configure_optimizers", without_measure)
    with pytest.raises(TrainingError, match="not a number"):
        run_training(start_run(own_settings, epochs=5))


@pytest.mark.slow
def test_memory_that_runs_out_names_a_smaller_batch(own_settings: Settings) -> None:
    run = start_run(own_settings, batch_size=24, input_size_px=512, epochs=1)
    limited = (
        "import resource, sys, torch\n"
        "from fracture_core.doors.cli import main\n"
        "import fracture_core.training.run\n"
        "held = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (held + 700 * 2**20,) * 2)\n"
        f"sys.exit(main(['train', '--run', {run.id!r}]))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT_DIR), "OMP_NUM_THREADS": "1"}
    child = subprocess.run(
        [sys.executable, "-c", limited], env=environment, capture_output=True, text=True, timeout=240
    )
    state = run.read_state()
    assert child.returncode == 1 and state.status == "failed", child.stderr[-2000:]
    assert "not enough memory" in state.reason and "batches of 12" in state.reason


@pytest.mark.slow
def test_full_disk_is_told_and_the_run_goes_on_when_there_is_room(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(own_settings)
    stop_after(run, 1)
    before = run.resume_path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(space.shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
        with pytest.raises(TrainingError, match=r"disk is nearly full.*Free at least .* resume"):
            run_training(run)
    assert run.read_state().status == "failed" and run.resume_path.read_bytes() == before
    assert sorted(path.name for path in run.directory.iterdir()) == [
        ".process.lock",
        "kept-sides.json",
        "last.ckpt",
    ], "no half-written file, no ballast"
    assert run_training(run) is not None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_disk_that_fills_while_it_is_written_leaves_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "last.ckpt"
    target.write_bytes(b"earlier")
    real = torch.save
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "save", lambda value, _path: real(value, "/dev/full"))
        with pytest.raises(TrainingError, match="disk is nearly full"):
            WholeCheckpointIO().save_checkpoint({"weights": torch.zeros(1_000_000)}, target)
    assert target.read_bytes() == b"earlier" and [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]


def test_result_is_whole_or_not_there_and_made_again(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_run(own_settings, epochs=1)
    with monkeypatch.context() as patch:
        patch.setattr(finish_module, "write_split", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(TrainingError, match="disk is nearly full"):
            run_training(run)
    assert not run.result_path.exists() and run.resume_path.is_file() and run.best_path.is_file()
    checkpoint = run_training(run)
    assert checkpoint is not None and checkpoint.split_path.is_file()
    run.update_state(status="failed")  # as if it had been killed before it could say that it finished
    assert run_training(run) == checkpoint and run.read_state().status == "finished"


def test_killed_after_its_result_it_finishes_and_leaves_no_litter(own_settings: Settings) -> None:
    run = start_run(own_settings, epochs=1)
    result = run_training(run)
    litter = [run.resume_path, run.best_path, run.directory / ".last.ckpt.a1b2.partial"]  # as SIGKILL would leave them
    for path in litter:
        path.write_bytes(b"of a killed process")
    run.update_state(status="failed", stop_requested=False)
    again = run_training(run)
    assert result is not None and again is not None and again.manifest == result.manifest
    assert run.read_state().status == "finished" and not any(path.exists() for path in litter)


def test_a_run_that_another_process_trains_is_left_to_it(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fracture_core.training.runs.turns._HAND_OVER_S", 0.05)
    run = start_run(own_settings)
    with take_turn(run, StopRequest(run)):
        before = run.update_state(status="running", step=3)
        with pytest.raises(RunHeldError, match="at work"):
            run_training(run)
        assert run.read_state() == before


def test_changed_data_are_refused_and_told(own_settings: Settings) -> None:
    run = start_run(own_settings)
    stop_after(run, 1)
    assert set(run.read_state().data_fingerprints) == {"drawn"}
    removed = own_settings.data_dir / "drawn" / "fractured" / "01.png"
    content = removed.read_bytes()
    removed.unlink()
    with pytest.raises(TrainingError, match=r"data have changed .*drawn.*Put them back"):
        run_training(run)
    assert run.read_state().status == "failed" and run.resume_path.is_file()
    removed.write_bytes(content)
    assert run_training(run) is not None


@pytest.mark.slow
@pytest.mark.parametrize("when", ["between stop and resume", "before the end"])
def test_removed_data_end_a_run_that_goes_on_when_they_are_back(
    when: str, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = RECIPES["quick"].model_copy(update={"reading_size_px": 256})  # decoded once more, at the end
    monkeypatch.setitem(RECIPES, "quick", larger)
    run, data, away = start_run(own_settings), own_settings.data_dir / "drawn", own_settings.data_dir / ".away"
    if when == "before the end":
        with monkeypatch.context() as patch:
            at_step(patch, 4, lambda: shutil.move(data, away))
            with pytest.raises(DatasetError):
                run_training(run)
    else:
        stop_after(run, 4)
        shutil.move(data, away)
        with pytest.raises(DatasetError, match="drawn"):
            run_training(run)
    state = run.read_state()
    assert state.status == "failed" and "drawn" in state.reason and run.resume_path.is_file()
    shutil.move(away, data)
    assert run_training(run) is not None


@pytest.mark.slow
def test_locked_database_holds_up_nothing_and_loses_nothing(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_PATIENCE_S", "0.3")
    get_settings.cache_clear()
    unlocked = start_run(get_settings(), epochs=3)
    assert run_training(unlocked) is not None
    run = start_run(get_settings(), epochs=3)
    steps_in_lock: list[float] = []
    locked, may_end = threading.Event(), threading.Event()

    def lock() -> None:
        with sqlite3.connect(own_settings.state_dir / "fracture.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            may_end.wait(60)
            other.execute("ROLLBACK")

    holder = threading.Thread(target=lock)
    at_step(monkeypatch, 1, lambda: (holder.start(), locked.wait(10)))
    at_step(monkeypatch, 3, lambda: (time.sleep(1.0), steps_in_lock.append(time.monotonic())))
    at_step(monkeypatch, 8, lambda: (steps_in_lock.append(time.monotonic()), may_end.set()))
    try:
        assert run_training(run) is not None
    finally:
        may_end.set()
        holder.join()
    assert len(steps_in_lock) == 2, "it trained while the database was locked"
    assert read_curve(run) == pytest.approx(read_curve(unlocked), abs=1e-5)
    assert run.read_state().status == "finished"
