"""A run that was stopped, wherever, ends where an unbroken one ends, with the same curve."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from fracture_core.base.settings import Settings
from fracture_core.training import checkpoints as checkpoints_module
from fracture_core.training.module import FractureModule
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import Run
from fracture_core.training.runs.stop_request import ASKED, StopRequest
from fracture_core.training.runs.writer import RunWriter
from tests.unit.training.tiny_runs import ask_to_stop, assert_same_end, calls_once, finish, read_curve, start_run

STEPS = 3  # an epoch


@pytest.fixture(autouse=True)
def look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fracture_core.training.runs.stop_request._LOOK_EVERY_S", 0.0)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"folder": tmp_path_factory.mktemp("unbroken")}


def train_unbroken(unbroken: dict[str, Any], settings: Settings) -> tuple[dict[tuple[str, int], float], Path]:
    """Return curve and ``last.ckpt`` of a run that nobody stopped; trained once for all tests."""
    if "curve" not in unbroken:
        run = start_run(settings, epochs=3)
        assert finish(run, unbroken["folder"] / "last.ckpt") is not None
        unbroken["curve"] = read_curve(run)
    return unbroken["curve"], unbroken["folder"] / "last.ckpt"


def stop_in(name: str, *, epoch: int, batch: int | None = None) -> Callable[[pytest.MonkeyPatch, Run], None]:
    """Return what patches in a wish to stop when ``FractureModule.name`` is called in this epoch and batch."""

    def patch(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
        real, ask = getattr(FractureModule, name), calls_once(lambda: ask_to_stop(run))

        def hook(self: FractureModule, *arguments: Any) -> Any:
            if self.current_epoch == epoch and batch in (None, *arguments[1:2]):
                ask()
            return real(self, *arguments)

        monkeypatch.setattr(FractureModule, name, hook)

    return patch


# Where it is stopped: the step that is saved, and the steps at which the resumed run validates.
MOMENTS = {
    "after the first batch": (stop_in("training_step", epoch=0, batch=0), 1, [3, 6, 9]),
    "amid an epoch": (stop_in("training_step", epoch=1, batch=1), 5, [6, 9]),
    "at an epoch's last batch": (stop_in("training_step", epoch=1, batch=2), 6, [6, 9]),
    "amid validation": (stop_in("validation_step", epoch=1, batch=0), 6, [6, 9]),
    "at an epoch's end": (stop_in("on_validation_epoch_end", epoch=1), 6, [9]),
    "at the last batch of all": (stop_in("training_step", epoch=2, batch=2), 9, [9]),
    "amid the last validation": (stop_in("validation_step", epoch=2, batch=0), 9, [9]),
    "at the end of all": (stop_in("on_validation_epoch_end", epoch=2), 9, []),
}

FAST_MOMENTS = ("amid an epoch", "at an epoch's end")


@pytest.mark.parametrize(
    "moment", [pytest.param(moment, marks=[] if moment in FAST_MOMENTS else pytest.mark.slow) for moment in MOMENTS]
)
def test_stopped_and_resumed_is_as_unbroken(
    moment: str, own_settings: Settings, unbroken: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve, last = train_unbroken(unbroken, own_settings)
    arrange, step, to_validate = MOMENTS[moment]
    run = start_run(own_settings, epochs=3)
    with monkeypatch.context() as patch:
        arrange(patch, run)
        assert run_training(run) is None
    state = run.read_state()
    assert (state.status, state.reason, state.stop_requested) == ("stopped", ASKED, False)
    assert torch.load(run.resume_path, weights_only=True)["global_step"] == step

    validated: list[int] = []
    real = FractureModule.on_validation_epoch_start
    monkeypatch.setattr(
        FractureModule, "on_validation_epoch_start", lambda self: (validated.append(self.global_step), real(self))
    )
    assert finish(run, tmp_path / "last.ckpt") is not None
    assert_same_end(tmp_path / "last.ckpt", last)
    assert read_curve(run) == pytest.approx(curve, abs=1e-5)
    assert validated == to_validate, "an epoch that had ended is not validated again"


@pytest.mark.slow
def test_stopped_again_and_again(
    own_settings: Settings, unbroken: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve, last = train_unbroken(unbroken, own_settings)
    run = start_run(own_settings, epochs=3)
    with monkeypatch.context() as patch:
        patch.setattr(StopRequest, "find_reason", lambda self: ASKED)  # each attempt ends at its first look
        patch.setattr(StopRequest, "check", lambda self: None)
        for _ in range(3 * (STEPS + 1)):
            run_training(run)
    assert finish(run, tmp_path / "last.ckpt") is not None
    assert_same_end(tmp_path / "last.ckpt", last)
    assert read_curve(run) == pytest.approx(curve, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["Decoding radiographs", "Calibrating", "Evaluating on test"])
def test_stopped_while_data_are_prepared_or_the_result_is_evaluated(
    stage: str, own_settings: Settings, unbroken: dict[str, Any], tmp_path: Path
) -> None:
    curve, last = train_unbroken(unbroken, own_settings)
    shutil.rmtree(own_settings.state_dir / "cache", ignore_errors=True)  # so that there is something to decode
    run = start_run(own_settings, epochs=3)
    stages: list[str] = []

    def stop(what: str, _done: int, _total: int) -> None:
        stages.append(what)
        if what == stage:
            ask_to_stop(run)

    # The progress of a stage is told after each of its parts; the next one finds the wish.
    if run_training(run, progress=stop) is not None:
        pytest.fail(f"nothing looked for a wish to stop after '{stage}' (stages: {sorted(set(stages))})")
    assert run.read_state().status == "stopped" and not run.result_path.exists()
    checkpoint = finish(run, tmp_path / "last.ckpt")
    assert checkpoint is not None and checkpoint.evaluation_path.is_file() and checkpoint.split_path.is_file()
    assert_same_end(tmp_path / "last.ckpt", last)
    assert read_curve(run) == pytest.approx(curve, abs=1e-5)


def test_killed_run_goes_on_from_what_was_saved_amid_the_epoch(
    own_settings: Settings, unbroken: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve, last = train_unbroken(unbroken, own_settings)
    run = start_run(own_settings, epochs=3)

    class Killed(BaseException):
        pass

    real = FractureModule.on_train_batch_start

    def die(self: FractureModule, batch: Any, index: int) -> None:
        if self.current_epoch == 1 and index == 2:
            raise Killed
        real(self, batch, index)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints_module, "SAVE_EVERY_S", 0.0)
        patch.setattr(FractureModule, "on_train_batch_start", die)
        patch.setattr(RunWriter, "finish", lambda *_, **__: None)
        with pytest.raises(Killed):
            run_training(run)
    assert torch.load(run.resume_path, weights_only=True)["global_step"] == 5
    assert finish(run, tmp_path / "last.ckpt") is not None
    assert_same_end(tmp_path / "last.ckpt", last)
    assert read_curve(run) == pytest.approx(curve, abs=1e-5)


def test_run_says_that_it_is_stopping(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run, told = start_run(own_settings), []
    real = RunWriter.write

    def listen(self: RunWriter, **changes: Any) -> bool:
        told.append(changes.get("status"))
        return real(self, **changes)

    monkeypatch.setattr(RunWriter, "write", listen)
    stop_in("training_step", epoch=0, batch=1)(monkeypatch, run)
    assert run_training(run) is None
    assert told[-2:] == ["stopping", "stopped"]
