"""The command line: what it prints, and the status it exits with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.doors.cli import COMMANDS, main
from fracture_core.networks.checkpoints import find_checkpoint
from tests.tiny_world import encode_phantom, make_checkpoint, write_dataset

PREDICT_KEYS = {"findings", "file", "label", "call", "p_fracture", "model", "model_sha256", "elapsed_ms"}


@pytest.fixture
def served(own_settings: Settings) -> Settings:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    return own_settings


def read_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_predict_goes_on_after_a_bad_file(served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(encode_phantom())
    bad.write_text("this is text")
    assert main(["predict", str(bad), str(good), str(tmp_path / "gone.png"), "--json"]) == 1
    first, second, third = read_lines(capsys.readouterr().out)
    assert set(first) == set(third) == {"file", "error"}
    assert first["file"] == str(bad) and first["error"]
    assert set(second) == PREDICT_KEYS
    assert second["file"] == str(good) and second["model"] == "default"
    assert second["label"] in {"fractured", "not fractured"}
    assert 0 <= second["p_fracture"] <= 1 and second["elapsed_ms"] > 0


def test_predict_reads_a_folder_recursively_with_its_bar_on_stderr(
    served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_dataset(tmp_path / "drawn", count=10)
    (root / "notes.txt").write_text("not a radiograph")
    assert main(["predict", str(root), "--json"]) == 0
    captured = capsys.readouterr()
    assert sorted(str(line["file"]) for line in read_lines(captured.out)) == sorted(map(str, root.rglob("*.png")))
    assert "10/10" in captured.err


def test_predict_in_words(served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.png").write_bytes(encode_phantom())
    assert main(["predict", str(tmp_path / "good.png")]) == 0
    out = capsys.readouterr().out
    assert "suspected, p = 0." in out and f"(by default {find_checkpoint().manifest.weights_sha256[:8]}" in out


def test_predict_of_an_empty_folder_is_told(
    served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["predict", str(tmp_path / "empty"), "--json"]) == 1
    assert "no radiograph" in capsys.readouterr().err


def test_same_file_gives_the_same_reading_alone_and_in_a_batch(
    served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / f"{seed}.png" for seed in range(3)]
    for seed, path in enumerate(files):
        path.write_bytes(encode_phantom(seed))
    main(["predict", *map(str, files), "--json"])
    together = [line["p_fracture"] for line in read_lines(capsys.readouterr().out)]
    main(["predict", str(files[1]), "--json"])
    assert read_lines(capsys.readouterr().out)[0]["p_fracture"] == pytest.approx(together[1], abs=1e-5)


def test_error_is_one_line_without_a_traceback(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "x.png", "--model", "nothing"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: There is no checkpoint called 'nothing'") and "Traceback" not in err


def test_unexpected_error_gives_an_id(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fracture_core.doors.cli.checkpoints.run", fail)
    assert main(["checkpoints"]) == 1
    assert "(id " in capsys.readouterr().err


def test_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary"]) == 0
    out = capsys.readouterr().out
    assert "1 x 1024 x 14 x 14" in out and "1 x 32 x 56 x 56" in out
    assert main(["summary", "--in-channels", "1", "--input-size", "64", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[-1] == {"name": "classifier", "kind": "Linear", "output_shape": [2], "parameters": 2050}


def test_summary_refuses_a_senseless_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--input-size", "3"]) == 1
    assert "input_size_px" in capsys.readouterr().err


def test_checkpoints(served: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkpoint(served.checkpoints_dir / "other")
    assert main(["checkpoints", "--json"]) == 0
    assert [line["name"] for line in read_lines(capsys.readouterr().out)] == ["default", "other"]


def test_checkpoints_where_there_is_none(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checkpoints"]) == 0
    assert "Train one" in capsys.readouterr().out


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


def test_every_command_is_in_the_documents() -> None:
    documents = [PROJECT_DIR / "README.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))]
    text = "".join(path.read_text(encoding="utf-8") for path in documents)
    for command in COMMANDS:
        assert f"python -m fracture_core {command}" in text, command


def list_imported(*arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported when a command line has ended."""
    code = (
        "import sys\nfrom fracture_core.doors import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


HEAVY = {"torch", "numpy", "pandas", "pydantic", "sqlalchemy", "PIL", "streamlit", "pydicom", "starlette", "lightning"}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("predict", "--help"), ("worklist", "--help")])
def test_help_imports_next_to_nothing(arguments: tuple[str, ...]) -> None:
    imported = list_imported(*arguments)
    assert imported & HEAVY == set()
    own = {name for name in imported if name.startswith("fracture_core")}
    assert len(imported) < 130 and len(own) <= 12, sorted(own)


def test_only_the_chosen_command_is_imported() -> None:
    imported = {name.rpartition(".")[2] for name in list_imported("history", "--help") if ".cli." in name}
    assert "history" in imported and imported & {"predict", "train", "failures", "pacs", "report"} == set()
