"""Evaluating a checkpoint on one side of a split, and keeping what was found."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fracture_core.data.dataset import LabelledImages
from fracture_core.data.items import LABELS
from fracture_core.errors import CheckpointDamagedError, EvaluationError
from fracture_core.evaluation.metrics import Metric, compute_metrics
from fracture_core.files import write_json
from fracture_core.reading.devices import choose_device
from fracture_core.reading.inference import calibrate, compute_margins
from fracture_core.registry import Checkpoint, read_json
from fracture_core.settings import Settings, get_settings


class Prediction(BaseModel):
    """One radiograph of an evaluation; ``name`` is relative to the data set's root."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: int = Field(ge=0, le=1)
    p_fracture: float = Field(ge=0, le=1)
    correct: bool
    group: str
    radiograph: str
    region: str | None = None
    views: tuple[str, ...] = ()
    hardware: bool | None = None

    @property
    def kind(self) -> str:
        """Return "correct", "missed fracture" or "false alarm"."""
        if self.correct:
            return "correct"
        return "missed fracture" if self.label == 1 else "false alarm"


class Evaluation(BaseModel):
    """What one checkpoint did on one side of one data set's split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checkpoint: str
    weights_sha256: str
    dataset: str
    fingerprint: str
    split: str
    threshold: float
    n: int
    n_groups: int
    n_fractured: int
    metrics: dict[str, Metric]
    predictions: tuple[Prediction, ...]


class EvaluationFile(BaseModel):
    """``evaluation.json``: every evaluation of one checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(1, ge=1, le=1)
    evaluations: tuple[Evaluation, ...]


def evaluate(
    checkpoint: Checkpoint,
    images: LabelledImages,
    *,
    dataset: str,
    fingerprint: str,
    split: str,
    device: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Read all images with the checkpoint and compute its figures.

    Args:
        images: the part to evaluate, prepared with the checkpoint's preprocessing.
        dataset, fingerprint, split: what the images are, kept with the figures.

    Raises:
        EvaluationError: no images.
        CheckpointDamagedError: the weights are not the ones the manifest names.
    """
    if not images.items:
        raise EvaluationError(f"There is nothing to evaluate: '{split}' of '{dataset}' holds no radiograph.")
    manifest = checkpoint.manifest
    network = checkpoint.load_network().to(choose_device(device))
    margins, _ = compute_margins(network, images.squares, manifest.preprocessing, progress=progress)
    p_fracture = calibrate(margins, manifest.calibration)
    threshold = manifest.operating_point.threshold
    groups = np.array([item.group for item in images.items])
    return Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=manifest.weights_sha256,
        dataset=dataset,
        fingerprint=fingerprint,
        split=split,
        threshold=threshold,
        n=len(images.items),
        n_groups=len(np.unique(groups)),
        n_fractured=int(images.labels.sum()),
        metrics=compute_metrics(images.labels, p_fracture, groups, threshold),
        predictions=_list_predictions(images, p_fracture, threshold),
    )


def _list_predictions(images: LabelledImages, p_fracture: np.ndarray, threshold: float) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(
            name=item.name,
            label=item.label,
            p_fracture=round(float(p), 6),
            correct=bool((p >= threshold) == (LABELS[item.label] == LABELS[1])),
            group=item.group,
            radiograph=radiograph,
            region=item.region,
            views=item.views,
            hardware=item.hardware,
        )
        for item, p, radiograph in zip(images.items, p_fracture, images.radiographs, strict=True)
    )


def write_evaluations(path: Path, evaluations: list[Evaluation]) -> None:
    """Write ``evaluation.json`` atomically."""
    write_json(path, EvaluationFile(evaluations=tuple(evaluations)).model_dump(mode="json"))


def read_evaluations(path: Path) -> list[Evaluation]:
    """Return the evaluations of a file; none if there is no file.

    Raises:
        CheckpointDamagedError: the file cannot be understood.
    """
    if not path.is_file():
        return []
    try:
        return list(EvaluationFile.model_validate(read_json(path)).evaluations)
    except ValidationError as error:
        raise CheckpointDamagedError(
            f"'{path.name}' of '{path.parent.name}' is damaged: {error.errors()[0]['msg']}.",
            "Evaluate the checkpoint again: python -m fracture_core evaluate.",
        ) from error


def find_evaluations(checkpoint: Checkpoint, settings: Settings | None = None) -> list[Evaluation]:
    """Return the evaluations that came with the checkpoint, then the ones made on this machine."""
    local = read_evaluations(_local_path(checkpoint, settings or get_settings()))
    shipped = read_evaluations(checkpoint.evaluation_path)
    sha256 = checkpoint.manifest.weights_sha256
    return [evaluation for evaluation in shipped + local if evaluation.weights_sha256 == sha256]


def keep_evaluation(checkpoint: Checkpoint, evaluation: Evaluation, settings: Settings | None = None) -> Path:
    """Keep an evaluation made on this machine, in place of an earlier one of the same data and split.

    It goes to the state folder: a shipped checkpoint's own files are never changed.
    """
    path = _local_path(checkpoint, settings or get_settings())
    key = (evaluation.dataset, evaluation.split)
    others = [other for other in read_evaluations(path) if (other.dataset, other.split) != key]
    write_evaluations(path, [*others, evaluation])
    return path


def _local_path(checkpoint: Checkpoint, settings: Settings) -> Path:
    return settings.state_dir / "evaluations" / f"{checkpoint.manifest.weights_sha256[:16]}.json"
