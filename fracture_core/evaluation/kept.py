"""Evaluations on disk: the ones that came with a checkpoint, and the ones made on this machine.

CHECKPOINT/evaluation.json, CHECKPOINT/predictions-DATASET-SPLIT.csv
STATE_DIR/evaluations/WEIGHTS.json, STATE_DIR/evaluations/WEIGHTS/predictions-DATASET-SPLIT.csv
"""

from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from fracture_core.base import CheckpointDamagedError, Settings, get_settings, write_json
from fracture_core.datasets import telling_disk_errors
from fracture_core.evaluation.records import Evaluation, EvaluationFile
from fracture_core.evaluation.table import write_predictions
from fracture_core.networks import Checkpoint, read_checkpoint_json


def write_evaluations(path: Path, evaluations: list[Evaluation]) -> None:
    """Write ``evaluation.json`` atomically."""
    write_json(path, EvaluationFile(evaluations=tuple(evaluations)).model_dump(mode="json"))


def write_tables(directory: Path, evaluations: list[Evaluation]) -> None:
    """Write each evaluation's predictions as ``predictions-DATASET-SPLIT.csv``."""
    for evaluation in evaluations:
        published = "-as-published" if evaluation.as_published else ""
        name = f"predictions-{evaluation.dataset}-{evaluation.split}{published}.csv"
        write_predictions(directory / name, evaluation)


def read_evaluations(path: Path) -> list[Evaluation]:
    """Return the evaluations of a file; none if there is no file.

    Raises:
        CheckpointDamagedError: the file cannot be understood.
    """
    if not path.is_file():
        return []
    try:
        return list(EvaluationFile.model_validate(read_checkpoint_json(path)).evaluations)
    except (ValidationError, CheckpointDamagedError) as error:  # not what is expected, or not even JSON
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "not readable JSON"
        raise CheckpointDamagedError(
            f"'{path.name}' of '{path.parent.name}' is damaged: {reason}.",
            "Evaluate the checkpoint again: python -m fracture_core evaluate.",
        ) from error


def find_evaluations(checkpoint: Checkpoint, settings: Settings | None = None) -> list[Evaluation]:
    """Return the evaluations that came with the checkpoint, then the ones made on this machine.

    They carry the checkpoint's present name: it may have been a run's when they were made.
    """
    return find_shipped_evaluations(checkpoint) + _read_own(
        _local_path(checkpoint, settings or get_settings()), checkpoint
    )


def find_shipped_evaluations(checkpoint: Checkpoint) -> list[Evaluation]:
    """Return the evaluations that came with the checkpoint, under its present name."""
    return _read_own(checkpoint.evaluation_path, checkpoint)


def _read_own(path: Path, checkpoint: Checkpoint) -> list[Evaluation]:
    """Return a file's evaluations of these very weights."""
    return [
        evaluation.model_copy(update={"checkpoint": checkpoint.name})
        for evaluation in read_evaluations(path)
        if evaluation.weights_sha256 == checkpoint.manifest.weights_sha256
    ]


def stamp_evaluations(checkpoint: Checkpoint, settings: Settings | None = None) -> tuple[int, ...]:
    """Return numbers that change whenever ``find_evaluations`` would return something else."""
    paths = (checkpoint.evaluation_path, _local_path(checkpoint, settings or get_settings()))
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def recall_evaluation(
    checkpoint: Checkpoint, data: str, *, split: str, as_published: bool = False, settings: Settings | None = None
) -> Evaluation | None:
    """Return the newest evaluation of a data set (name or folder) by the thresholds of today, or None."""
    threshold = checkpoint.manifest.operating_point.threshold
    wanted = (Path(data).name, split, as_published)
    found = [item for item in find_evaluations(checkpoint, settings) if _key(item) == wanted]
    return next((item for item in reversed(found) if item.threshold == threshold), None)


def keep_evaluation(checkpoint: Checkpoint, evaluation: Evaluation, settings: Settings | None = None) -> Path:
    """Keep an evaluation made on this machine, in place of an earlier one of the same data and split.

    It goes to the state folder: a shipped checkpoint's own files are never changed.

    Raises:
        DatasetError: the disk is full or refuses.
    """
    path = _local_path(checkpoint, settings or get_settings())
    with telling_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.stem}.lock")):  # of two that end at once, both are kept
            others = [other for other in _read_or_put_aside(path) if _key(other) != _key(evaluation)]
            write_evaluations(path, [*others, evaluation])
            write_tables(path.with_suffix(""), [evaluation])
    return path


def _read_or_put_aside(path: Path) -> list[Evaluation]:
    """Return a file's evaluations; one that cannot be understood is renamed, or nothing could be kept any more."""
    try:
        return read_evaluations(path)
    except CheckpointDamagedError:
        path.replace(path.with_suffix(".damaged"))
        return []


def _key(evaluation: Evaluation) -> tuple[str, str, bool]:
    return evaluation.dataset, evaluation.split, evaluation.as_published


def _local_path(checkpoint: Checkpoint, settings: Settings) -> Path:
    return settings.state_dir / "evaluations" / f"{checkpoint.manifest.weights_sha256[:16]}.json"
