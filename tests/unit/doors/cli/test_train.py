"""``train``, and what it made measured."""

import json

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from tests.tiny_world import write_dataset


def test_train_then_evaluate(served: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(served.data_dir / "drawn", count=24)
    small = ["--recipe", "quick", "--epochs", "1", "--input-size", "32", "--batch-size", "8", "--device", "cpu"]
    assert main(["train", "--data", "drawn", *small, "--save-as", "mine"]) == 0
    out = capsys.readouterr().out
    assert "checkpoint 'mine'" in out and "accuracy" in out and "95% interval" in out
    assert main(["evaluate", "--checkpoint", "mine", "--data", "drawn", "--json"]) == 0
    evaluation = json.loads(capsys.readouterr().out)
    assert evaluation["split"] == "test" and evaluation["n"] == len(evaluation["predictions"]) > 0
    assert main(["train", "--data", "drawn", *small, "--save-as", "mine"]) == 1
    assert "not overwritten" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--epochs", "0"], ["--learning-rate", "-1"], ["--recipe", "nothing"]])
def test_train_refuses_senseless_settings_before_it_starts(
    arguments: list[str], own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data", "phantoms", *arguments]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert not (own_settings.state_dir / "runs").exists()
