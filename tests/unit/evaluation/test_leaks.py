"""Leaky sides are refused, or measured with a mark on every figure."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.division import find_leaks
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.doors.cli import main
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.manifest import DataRecord
from tests.tiny_world import encode_phantom


def write_published(directory: Path, *, leaky: bool) -> Path:
    """Write the paper's layout: twelve radiographs to train on, six held out, one of them a copy if ``leaky``."""
    for number in range(18):
        label = "fractured" if number % 2 else "not fractured"
        folder = directory / ("train" if number < 12 else "val") / label
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:02d}.png").write_bytes(encode_phantom(500 + number, fractured=bool(number % 2), size_px=96))
    if leaky:
        shutil.copy(directory / "train" / "fractured" / "01.png", directory / "val" / "fractured" / "copy.png")
    return directory


def test_leaky_training_is_marked_on_its_own_sides(checkpoint: Checkpoint, own_settings: Settings) -> None:
    """Trained as published: the test side is the folder that was published as val, and its copy leaks."""
    write_published(own_settings.data_dir / "leaky", leaky=True)
    held_out = {item.name for item in open_dataset("leaky").items if item.published_split == "val"}
    trained = store_split(checkpoint, "leaky", test=held_out)
    for split in ("test", "val"):
        evaluation = evaluate_dataset(trained, "leaky", split=split, as_published=True, device="cpu")
        assert (evaluation.n, evaluation.leaks.files) == (7, 1)


def store_split(checkpoint: Checkpoint, name: str, *, test: set[str]) -> Checkpoint:
    """Make the checkpoint one that was trained on a data set, with the named files held out."""
    catalog = open_dataset(name)
    names = [item.name for item in catalog.items]
    sides = {"train": tuple(n for n in names if n not in test), "test": tuple(sorted(test))}
    write_json(checkpoint.split_path, SplitFile(datasets={name: sides}).model_dump(mode="json"))
    record = DataRecord(name=name, fingerprint=catalog.fingerprint, image_count=len(names))
    return Checkpoint(checkpoint.name, checkpoint.directory, checkpoint.manifest.model_copy(update={"data": (record,)}))


def test_what_was_learned_leaks_whatever_was_published(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "clean", leaky=False)
    trained = store_split(checkpoint, "clean", test={"train/fractured/01.png", "train/not fractured/02.png"})
    marked = evaluate_dataset(trained, "clean", split="val", as_published=True, device="cpu")
    assert marked.leaks.files == marked.n == 6  # the published side was trained on


def test_command_line_marks_every_figure(
    checkpoint: Checkpoint, own_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_published(own_settings.data_dir / "leaky", leaky=True)
    command = ["evaluate", "--data", "leaky", "--split", "val"]
    assert main(command) == 1
    assert "--as-published" in capsys.readouterr().err
    table = tmp_path / "out" / "predictions.csv"
    assert main([*command, "--as-published", "--csv", str(table)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert all(line.endswith("AS PUBLISHED: leaks 1 radiographs (1 of 7 files)") for line in lines)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 7 and {row["mark"] for row in rows} == {"AS PUBLISHED: leaks 1 radiographs (1 of 7 files)"}
    assert {row["call"] for row in rows} <= {"positive", "uncertain", "negative"}
    assert main([*command, "--as-published", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mark"].startswith("AS PUBLISHED") and found["leaks"]["radiographs"] == 1


def test_groups_of_leaks_are_those_of_the_split(own_settings: Settings) -> None:
    items = open_dataset(str(write_published(own_settings.data_dir / "leaky", leaky=True))).items
    assert (
        find_leaks(items, {item.name: item.published_split for item in items}) == []
    )  # copies show in the pixels only
