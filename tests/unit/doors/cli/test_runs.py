"""The command ``runs``: trainings in the background from the terminal."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.training.runs.run import MetricPoint, Run, TrainingRequest, create_run, find_run, get_utc_now


@pytest.fixture
def run(own_settings: Settings) -> Run:
    made = create_run(TrainingRequest(data=("phantoms",), recipe="quick"))
    points = [
        MetricPoint(5, 0, "train_loss", 0.7),
        MetricPoint(10, 0, "train_loss", 0.5),
        MetricPoint(10, 0, "val_auroc", 0.8),
    ]
    state = {"status": "failed", "reason": "The disk is full.", "step": 10, "total_steps": 40, "epoch": 1, "epochs": 4}
    made.write(state | {"val_auroc": 0.8, "ended_at": get_utc_now()}, points)
    return made


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs whose process would have been started."""
    found: list[str] = []
    monkeypatch.setattr("fracture_core.training.jobs._spawn", lambda run: found.append(run.id))
    return found


def test_list(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"{run.id}  failed; phantoms; quick; epoch 1 of 4, step 10 of 40; AUROC 0.800")
    assert "The disk is full." in line
    assert main(["runs", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == run.id


def test_list_where_there_is_none(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "list"]) == 0
    assert "runs start" in capsys.readouterr().out


def test_show(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "show", run.id]) == 0
    out = capsys.readouterr().out
    assert "epochs 30" in out and "train_loss 0.5" in out and str(run.directory) in out
    assert main(["runs", "show", run.id, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["settings"]["batch_size"] == 16 and shown["latest"] == {"train_loss": 0.5, "val_auroc": 0.8}


def test_start_stop_and_resume(own_settings: Settings, spawned: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["--recipe", "quick", "--epochs", "2", "--augmentation", "flips", "--no-test", "--threads", "1"]
    assert main(["runs", "start", "--data", "phantoms", *settings, "--json"]) == 0
    started = json.loads(capsys.readouterr().out)
    assert spawned == [started["id"]] and started["status"] == "queued"
    request = find_run(started["id"]).read_state().request
    assert (request.epochs, request.augmentation, request.test, request.threads) == (2, "flips", False, 1)
    assert main(["runs", "stop", started["id"]]) == 0
    assert "stopping" in capsys.readouterr().out
    assert find_run(started["id"]).read_state().stop_requested
    find_run(started["id"]).update_state(status="stopped", stop_requested=False)
    assert main(["runs", "resume", started["id"]]) == 0
    assert spawned == [started["id"]] * 2 and "queued" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--data", "phantoms", "--epochs", "0"], ["--data", "phantoms", "--recipe", "no"], ["--data", "nothing"]],
)
def test_start_refuses_what_cannot_be_trained(
    arguments: list[str], own_settings: Settings, spawned: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", "start", *arguments]) == 1
    assert capsys.readouterr().err.startswith("error: ") and spawned == []


def test_a_finished_run_is_not_resumed(run: Run, spawned: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run.update_state(status="finished")
    assert main(["runs", "resume", run.id]) == 1
    assert "only a stopped or failed run" in capsys.readouterr().err and spawned == []


def test_export(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs, table = tmp_path / "logs", tmp_path / "runs.csv"
    assert main(["runs", "export", run.id, "--csv", str(table), "--tensorboard", str(logs)]) == 0
    assert f"tensorboard --logdir {logs}" in capsys.readouterr().out
    assert [path.parent.name for path in logs.rglob("*tfevents*")] == [run.id]
    assert list(pd.read_csv(table)["step"]) == [5, 10]
    assert main(["runs", "export", run.id, "--csv", "-"]) == 0
    assert list(pd.read_csv(io.StringIO(capsys.readouterr().out))["train_loss"]) == [0.7, 0.5]


def test_export_to_nothing_is_wrong_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "export", run.id]) == 2
    assert "--csv FILE" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["show", "stop", "resume"])
def test_unknown_run_is_one_line(action: str, own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", action, "nonesuch"]) == 1
    assert capsys.readouterr().err.startswith("error: There is no training run called 'nonesuch'")
