"""An evaluation of the tiny data set that is made up: which files are wrong is the test's, not the random weights'."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from fracture_core.datasets.labelled_images import load_labelled_images
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks.checkpoints import find_checkpoint, read_checkpoint

PAGE = "pages/2_Failures.py"
MISSED, FALSE_ALARM, UNSURE = "fractured/01.png", "not fractured/00.png", "fractured/03.png"
SECOND_ALARM, RIGHT = "not fractured/02.png", "fractured/05.png"
_P = {MISSED: 0.1, FALSE_ALARM: 0.9, SECOND_ALARM: 0.8, UNSURE: 0.45}
_REGIONS = {MISSED: "hand", FALSE_ALARM: "hand", SECOND_ALARM: "leg"}


def make_evaluation(shared_dir: Path, cache_dir: Path) -> Evaluation:
    """Return an evaluation of the tiny data set, measured and then made up."""
    checkpoint = read_checkpoint(shared_dir / "checkpoints" / "tiny")
    images = load_labelled_images(
        [read_catalog(shared_dir / "data" / "drawn")], checkpoint.manifest.preprocessing, cache_dir=cache_dir
    ).of_dataset("drawn")
    return invent(evaluate_checkpoint(checkpoint, images, dataset="drawn", fingerprint="", split="all", device="cpu"))


def invent(measured: Evaluation) -> Evaluation:
    """Return the evaluation with one missed fracture, two false alarms and one uncertain call that is right."""
    predictions = tuple(_invent(item) for item in measured.predictions)
    return measured.model_copy(update={"predictions": predictions})


def _invent(item: Prediction) -> Prediction:
    p = _P.get(item.name, 0.95 if item.label else 0.05)
    number = int(Path(item.name).stem)
    return item.model_copy(
        update={
            "p_fracture": p,
            "correct": (p >= 0.4) == bool(item.label),
            "call": "positive" if p >= 0.5 else "uncertain" if p >= 0.4 else "negative",
            "region": _REGIONS.get(item.name, "leg"),
            "views": ("frontal",) if number % 4 else ("lateral",),
            "hardware": item.name == MISSED,
            "width_px": 96 if number < 6 else 2000,
            "height_px": 96,
        }
    )


def keep(evaluation: Evaluation, **changes: Any) -> Evaluation:
    """Keep the evaluation for the tiny checkpoint."""
    changed = evaluation.model_copy(update=changes)
    keep_evaluation(find_checkpoint("tiny"), changed)
    return changed


def list_tiles(page: AppTest) -> list[dict[str, Any]]:
    """Return the tiles of the grid, as they are sent to the browser."""
    found = [element.proto for element in page.get("bidi_component")]
    return [tile for proto in found for tile in json.loads(proto.json).get("tiles", ())]


def list_names(page: AppTest) -> list[str]:
    return [tile["name"] for tile in list_tiles(page)]


def find_button(page: AppTest, label: str) -> Any:
    """Return the first button of that label."""
    return next(button for button in page.button if button.label == label)


def has_button(page: AppTest, label: str) -> bool:
    return any(button.label == label for button in page.button)


def is_calm(page: AppTest) -> bool:
    """Return whether nothing went wrong."""
    problems = [*(item.value for item in page.exception), *(item.value for item in page.error)]
    assert not problems, problems
    return True
