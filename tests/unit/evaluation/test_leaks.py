"""Leaky sides are refused, or measured with a mark on every figure."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from fracture_core.base.errors import EvaluationError, LeakError
from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.division import find_leaks
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.doors.cli import main
from fracture_core.evaluation.kept import find_evaluations, keep_evaluation, recall_evaluation
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from fracture_core.networks.manifest import DataRecord
from tests.tiny_world import encode_phantom, make_checkpoint


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    return make_checkpoint(own_settings.checkpoints_dir / "default")


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


def test_leaky_published_split_is_refused(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "leaky", leaky=True)
    for split in ("test", "val"):
        with pytest.raises(LeakError, match=r"published split of 'leaky' leaks: 1 radiographs \(1 files\).*copy\.png"):
            evaluate_dataset(checkpoint, "leaky", split=split, device="cpu")


def test_as_published_takes_the_whole_side_with_its_mark(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "leaky", leaky=True)
    evaluation = evaluate_dataset(checkpoint, "leaky", split="val", as_published=True, device="cpu")
    assert evaluation.n == 7
    assert evaluation.mark == "AS PUBLISHED: leaks 1 radiographs (1 of 7 files)"
    assert evaluation.leaks.first == ("leaky/val/fractured/copy.png",)
    as_test = evaluate_dataset(checkpoint, "leaky", split="test", as_published=True, device="cpu")
    assert (as_test.predictions, as_test.mark) == (evaluation.predictions, evaluation.mark), (
        "val is all that was held out"
    )
    shutil.copytree(own_settings.data_dir / "leaky" / "val", own_settings.data_dir / "unsplit")
    with pytest.raises(EvaluationError, match="without a side called 'test'"):
        evaluate_dataset(checkpoint, "unsplit", split="test", as_published=True, device="cpu")


def test_a_published_test_side_is_not_taken_for_the_val_side(checkpoint: Checkpoint, own_settings: Settings) -> None:
    root = write_published(own_settings.data_dir / "three", leaky=False)
    for label in ("fractured", "not fractured"):
        (root / "test" / label).mkdir(parents=True)
        moved = sorted((root / "val" / label).iterdir())[0]
        shutil.move(moved, root / "test" / label / moved.name)
    for split, count in (("val", 4), ("test", 2)):
        evaluation = evaluate_dataset(checkpoint, "three", split=split, as_published=True, device="cpu")
        assert [item.name.partition("/")[0] for item in evaluation.predictions] == [split] * count


def test_clean_published_split_is_measured(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "clean", leaky=False)
    evaluation = evaluate_dataset(checkpoint, "clean", device="cpu")
    assert (evaluation.n, evaluation.mark) == (6, "")
    marked = evaluate_dataset(checkpoint, "clean", split="val", as_published=True, device="cpu")
    assert marked.mark == "AS PUBLISHED: no leak found"


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


def test_stored_split_that_shares_radiographs_is_refused(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "leaky", leaky=True)
    clean = store_split(checkpoint, "leaky", test={"val/fractured/13.png", "val/not fractured/12.png"})
    assert evaluate_dataset(clean, "leaky", device="cpu").n == 2
    shared = store_split(checkpoint, "leaky", test={"val/fractured/copy.png", "val/not fractured/12.png"})
    with pytest.raises(LeakError, match="trained with leaks: 1 radiographs"):
        evaluate_dataset(shared, "leaky", device="cpu")
    marked = evaluate_dataset(shared, "leaky", as_published=True, device="cpu")
    assert (marked.n, marked.leaks.radiographs) == (7, 6), "five that it was trained on, and the copy"


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


def test_compare_works_from_what_was_kept(
    checkpoint: Checkpoint, own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "other", seed=1)
    write_published(own_settings.data_dir / "clean", leaky=False)
    assert main(["compare", "default", "other", "--data", "clean"]) == 0
    assert "DeLong" in capsys.readouterr().out
    shutil.rmtree(own_settings.data_dir)  # the predictions are kept: the radiographs are not needed again
    assert main(["compare", "default", "other", "--data", "clean", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["first"], result["second"], result["n"]) == ("default", "other", 6)


def test_marked_and_clean_evaluations_are_kept_side_by_side(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "clean", leaky=False)
    for _ in range(2):
        keep_evaluation(checkpoint, evaluate_dataset(checkpoint, "clean", split="val", device="cpu"))
        keep_evaluation(checkpoint, evaluate_dataset(checkpoint, "clean", split="val", as_published=True, device="cpu"))
    assert [item.as_published for item in find_evaluations(find_checkpoint())] == [False, True]
    assert recall_evaluation(checkpoint, "clean", split="val", as_published=True).mark
    assert recall_evaluation(checkpoint, "clean", split="test") is None
    tables = (own_settings.state_dir / "evaluations").glob("*/predictions-*.csv")
    assert sorted(path.name for path in tables) == [
        "predictions-clean-val-as-published.csv",
        "predictions-clean-val.csv",
    ]


def test_groups_of_leaks_are_those_of_the_split(own_settings: Settings) -> None:
    items = open_dataset(str(write_published(own_settings.data_dir / "leaky", leaky=True))).items
    assert (
        find_leaks(items, {item.name: item.published_split for item in items}) == []
    )  # copies show in the pixels only
