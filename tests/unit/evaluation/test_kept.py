"""Evaluations that are kept beside a checkpoint, and found again."""

import json
import shutil

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.evaluation.kept import find_evaluations, keep_evaluation, recall_evaluation
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from tests.tiny_world import make_checkpoint
from tests.unit.evaluation.test_leaks import write_published


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
