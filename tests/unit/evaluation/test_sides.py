"""Which side is measured: published, stored or as published, and never a leaky one unmarked."""

import shutil

import pytest

from fracture_core.base.errors import EvaluationError, LeakError
from fracture_core.base.settings import Settings
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import Checkpoint
from tests.unit.evaluation.test_leaks import store_split, write_published


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


def test_stored_split_that_shares_radiographs_is_refused(checkpoint: Checkpoint, own_settings: Settings) -> None:
    write_published(own_settings.data_dir / "leaky", leaky=True)
    clean = store_split(checkpoint, "leaky", test={"val/fractured/13.png", "val/not fractured/12.png"})
    assert evaluate_dataset(clean, "leaky", device="cpu").n == 2
    shared = store_split(checkpoint, "leaky", test={"val/fractured/copy.png", "val/not fractured/12.png"})
    with pytest.raises(LeakError, match="trained with leaks: 1 radiographs"):
        evaluate_dataset(shared, "leaky", device="cpu")
    marked = evaluate_dataset(shared, "leaky", as_published=True, device="cpu")
    assert (marked.n, marked.leaks.radiographs) == (7, 6), "five that it was trained on, and the copy"
