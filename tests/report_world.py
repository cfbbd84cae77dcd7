"""Reports for tests: a seeded checkpoint with test figures, small files, a time that does not move."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from fracture_core.doors.report.build import Report, build_report
from fracture_core.doors.report.statement import Statement
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.operating_points import decide_call
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading.engine.predictor import Reading
from tests.tiny_world import make_checkpoint

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_CASES = [(0.1, 1)] * 6 + [(0.1, 0)] * 194 + [(0.9, 1)] * 45 + [(0.9, 0)] * 5 + [(0.5, 1)] * 4 + [(0.5, 0)] * 6


def make_measured_checkpoint(directory: Path) -> Checkpoint:
    """Save a checkpoint whose zone is 0.2 to 0.8, with the predictions of a test side of legs."""
    checkpoint = make_checkpoint(directory, zone=(0.2, 0.8))
    predictions = tuple(
        Prediction(
            name=f"{number}.png",
            label=label,
            p_fracture=p,
            correct=True,
            group=f"g{number}",
            radiograph=f"r{number}",
            region="leg",
        )
        for number, (p, label) in enumerate(_CASES)
    )
    evaluation = Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=checkpoint.manifest.weights_sha256,
        dataset="Drawn",
        fingerprint="f",
        split="test",
        threshold=0.4,
        n=len(predictions),
        n_groups=len(predictions),
        n_fractured=55,
        metrics={},
        predictions=predictions,
    )
    write_evaluations(checkpoint.evaluation_path, [evaluation])
    return checkpoint


def make_reading(checkpoint: Checkpoint, p_fracture: float = 0.9, *, is_hot: bool = True) -> Reading:
    """Return a reading as the checkpoint would give it, with a heatmap that is hot in its middle."""
    heatmap = np.zeros((56, 56), np.float32)
    if is_hot:
        heatmap[20:36, 20:36] = 1.0
    manifest = checkpoint.manifest
    return Reading(
        label=manifest.classes[int(p_fracture >= manifest.operating_point.threshold)],
        call=decide_call(p_fracture, manifest.call_points),
        p_fracture=p_fracture,
        threshold=manifest.operating_point.threshold,
        points=manifest.call_points,
        heatmap=heatmap,
        model=checkpoint.name,
        model_sha256=manifest.weights_sha256,
        elapsed_ms=1.0,
        device="cpu",
    )


def make_report(
    checkpoint: Checkpoint,
    data: bytes,
    p_fracture: float = 0.9,
    *,
    statement: Statement | None = None,
    file_name: str = "",
    body_part: str = "",
    is_hot: bool = True,
    frame: int = 0,
) -> Report:
    """Return the report about a file."""
    return build_report(
        read_radiograph(data, frame=frame),
        make_reading(checkpoint, p_fracture, is_hot=is_hot),
        checkpoint,
        at=AT,
        body_part=body_part,
        statement=statement,
        file_name=file_name,
    )
