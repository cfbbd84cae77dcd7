"""Fitting and measuring a gate from the command line, on a small world of drawn radiographs."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.doors.cli import main
from fracture_core.doors.documents.extra import build_object
from fracture_core.reading.suitability.measure import NOT_READ
from fracture_core.reading.suitability.references import REFERENCES_NAME
from tests.tiny_world import encode_phantom, make_checkpoint, write_dataset


@pytest.fixture
def world(own_settings: Settings, tmp_path: Path) -> Path:
    """A checkpoint with a split over drawn radiographs, and two kinds of other pictures; return their folder."""
    root = write_dataset(own_settings.data_dir / "drawn", count=16)
    checkpoint = make_checkpoint(own_settings.checkpoints_dir / "default")
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.png"))
    sides = {"train": tuple(names[::2]), "val": tuple(names[1::4]), "test": tuple(names[3::4])}
    write_json(checkpoint.split_path, SplitFile(datasets={"drawn": sides}).model_dump(mode="json"))
    others = tmp_path / "others"
    random = np.random.default_rng(2)
    for kind, count in (("noise", 4), ("colour", 3)):
        (others / kind).mkdir(parents=True)
        for number in range(count):
            patches = random.integers(0, 256, (8, 8, 3), np.uint8).repeat(20, axis=0).repeat(20, axis=1)
            picture = Image.fromarray(patches) if kind == "colour" else Image.fromarray(patches[..., 0])
            picture.save(others / kind / f"{number}.png")
    (others / "noise" / "damaged.png").write_bytes(b"not a picture")
    return others


def test_fit_then_measure_then_predict(
    world: Path, own_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suitability", "fit", "--others", str(world)]) == 0
    assert (own_settings.checkpoints_dir / "default" / REFERENCES_NAME).is_file()
    capsys.readouterr()
    assert main(["suitability", "measure", "--others", str(world), "--csv", str(tmp_path / "rows.csv")]) == 0
    figures = json.loads(capsys.readouterr().out)
    tables = {row["of"]: row for row in figures["other pictures"]}
    assert tables["colour"]["refused"].startswith("1.000") and tables["colour"]["n"] == 3
    assert tables["noise"]["n"] == 5 and NOT_READ in tables["noise"]["found"]
    assert [(row["of"], row["n"]) for row in figures["radiographs of the test side"]] == [("drawn", 4)]
    assert len(figures["radiographs changed as exports do"]) > 10
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert len(lines) > 50 and lines[0] == "part,group,name,refused,found"
    document = build_object("suitability.json", figures)
    assert "### What the gate refuses" in document and "| colour | 3 | 1.000 [" in document

    colour = world / "colour" / "0.png"
    assert main(["predict", str(colour), "--json"]) == 1
    line = json.loads(capsys.readouterr().out)
    assert line["refused"] and "call" not in line and "not compared" not in {each["kind"] for each in line["findings"]}
    assert main(["predict", str(colour), "--json", "--override", "to see what it says"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["override"]["why"] == "to see what it says" and "not a radiograph" in line["override"]["kinds"]
    assert line["call"] in ("positive", "uncertain", "negative")


def test_predict_says_why_in_words(own_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    blank = tmp_path / "blank.png"
    Image.new("L", (200, 200), 90).save(blank)
    (tmp_path / "good.png").write_bytes(encode_phantom())
    assert main(["predict", str(blank), str(tmp_path / "good.png")]) == 1
    out = capsys.readouterr().out
    assert "blank.png: refused" in out and "blank: The picture shows nothing" in out
    assert "good.png:" in out and "not compared: This model brings no record" in out
    assert main(["predict", str(blank), "--override", "x"]) == 1  # no reason


def test_what_is_missing_is_told(world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suitability", "fit", "--others", str(tmp_path / "gone")]) == 1
    assert "There are no pictures" in capsys.readouterr().err
