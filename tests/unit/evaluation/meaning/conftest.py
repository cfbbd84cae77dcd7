"""What the tests of this folder share."""

from dataclasses import replace
from pathlib import Path

import pytest

from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks.checkpoints import Checkpoint
from tests.tiny_world import make_checkpoint

POINTS = (0.2, 0.8)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return make_checkpoint(tmp_path_factory.mktemp("meaning") / "bare", zone=POINTS)


def build_prediction(number: int, p: float, label: int, region: str | None = "leg") -> Prediction:
    return Prediction(
        name=f"{number}.png",
        label=label,
        p_fracture=p,
        correct=True,
        group=f"g{number}",
        radiograph=f"r{number}",
        region=region,
    )


def evaluate(checkpoint: Checkpoint, predictions: list[Prediction], **changes: object) -> None:
    """Lay a test evaluation of these predictions beside the checkpoint."""
    fields: dict[str, object] = {
        "checkpoint": checkpoint.name,
        "weights_sha256": checkpoint.manifest.weights_sha256,
        "dataset": "Drawn",
        "fingerprint": "f",
        "split": "test",
        "threshold": 0.4,
        "n": len(predictions),
        "n_groups": len(predictions),
        "n_fractured": sum(each.label for each in predictions),
        "metrics": {},
        "predictions": tuple(predictions),
    }
    write_evaluations(checkpoint.evaluation_path, [Evaluation(**{**fields, **changes})])


@pytest.fixture
def measured(bare: Checkpoint, tmp_path: Path) -> Checkpoint:
    """200 called negative, 6 of them fractured; 50 called positive, 45 of them fractured; 10 uncertain."""
    checkpoint = replace(bare, directory=tmp_path)
    cases = [(0.1, 1)] * 6 + [(0.1, 0)] * 194 + [(0.9, 1)] * 45 + [(0.9, 0)] * 5 + [(0.5, 1)] * 4 + [(0.5, 0)] * 6
    evaluate(checkpoint, [build_prediction(number, *case) for number, case in enumerate(cases)])
    return checkpoint
