"""Evaluations on disk: the ones that came with a checkpoint, and the ones made on this machine."""

from pathlib import Path

from pydantic import ValidationError

from fracture_core.errors import CheckpointDamagedError
from fracture_core.evaluation.records import Evaluation, EvaluationFile
from fracture_core.files import write_json
from fracture_core.registry import Checkpoint, read_json
from fracture_core.settings import Settings, get_settings


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
    others = [other for other in read_evaluations(path) if _key(other) != _key(evaluation)]
    write_evaluations(path, [*others, evaluation])
    return path


def _key(evaluation: Evaluation) -> tuple[str, str, bool]:
    return evaluation.dataset, evaluation.split, evaluation.as_published


def _local_path(checkpoint: Checkpoint, settings: Settings) -> Path:
    return settings.state_dir / "evaluations" / f"{checkpoint.manifest.weights_sha256[:16]}.json"
