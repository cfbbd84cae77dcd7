"""``predict``: a line a file, a bad one stops no other, and the same file gives the same reading."""

from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.networks.checkpoints import find_checkpoint
from tests.sample_files import build_dicom, draw_bone
from tests.tiny_world import encode_phantom, write_dataset
from tests.unit.doors.cli.test_cli import read_lines

PREDICT_KEYS = {"findings", "notes", "file", "label", "call", "p_fracture", "model", "model_sha256", "elapsed_ms"}


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


def test_predict_tells_what_intake_noticed(
    served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "raw.dcm"
    frames = np.stack([draw_bone() // (1 + number) for number in range(3)])
    path.write_bytes(build_dicom(frames, NumberOfFrames=3, PresentationIntentType="FOR PROCESSING"))
    main(["predict", str(path), "--json"])
    [line] = read_lines(capsys.readouterr().out)
    main(["predict", str(path)])
    out = capsys.readouterr().out
    for words in ("The file has 3 frames; the first one was read.", "FOR PROCESSING", "states no window"):
        assert any(words in note for note in line["notes"]) and words in out
