"""A prediction knows its file's size; an older evaluation, which does not, still reads."""

import csv
from pathlib import Path

from PIL import Image

from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.evaluation.kept import read_evaluations
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.evaluation.table import write_predictions
from tests.tiny_world import make_checkpoint, write_dataset
from tests.unit.failures.made import draw_predictions, make_evaluation


def test_sizes_are_those_of_the_files(own_settings: Settings, tmp_path: Path) -> None:
    root = write_dataset(own_settings.data_dir / "drawn", count=4)
    checkpoint = make_checkpoint(own_settings.checkpoints_dir / "default")
    evaluation = evaluate_dataset(checkpoint, "drawn", split="all", device="cpu")
    for prediction in evaluation.predictions:
        with Image.open(root / prediction.name) as image:
            assert (prediction.width_px, prediction.height_px) == image.size
    write_predictions(tmp_path / "table.csv", evaluation)
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))
    told = [(int(row["width_px"]), int(row["height_px"])) for row in rows]
    assert told == [(item.width_px, item.height_px) for item in evaluation.predictions]


def test_an_older_file_reads(tmp_path: Path) -> None:
    dumped = make_evaluation(draw_predictions(4)).model_dump(mode="json")
    for prediction in dumped["predictions"]:
        del prediction["width_px"], prediction["height_px"]
    write_json(tmp_path / "evaluation.json", {"format_version": 1, "evaluations": [dumped]})
    (evaluation,) = read_evaluations(tmp_path / "evaluation.json")
    assert {(item.width_px, item.height_px) for item in evaluation.predictions} == {(None, None)}
