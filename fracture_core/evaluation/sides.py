"""Which side of its split a checkpoint saw a file on, kept beside the weights.

Evaluating by the stored sides means that a test file stays a test file, however
the code that divides data may change later.
"""

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fracture_core.data.dataset import LabelledImages, load_labelled_images
from fracture_core.data.items import Catalog
from fracture_core.data.partition import partition
from fracture_core.data.sources import open_dataset
from fracture_core.errors import CheckpointDamagedError, EvaluationError
from fracture_core.evaluation.evaluate import evaluate
from fracture_core.evaluation.records import Evaluation
from fracture_core.files import write_json
from fracture_core.registry import Checkpoint, read_json

Progress = Callable[[str, int, int], None]  # (what, done, in all)


class SplitFile(BaseModel):
    """``split.json``: for each data set, the names on each side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(1, ge=1, le=1)
    datasets: dict[str, dict[str, tuple[str, ...]]]


def write_split(path: Path, parts: dict[str, LabelledImages]) -> None:
    """Write the sides of a training's data atomically."""
    names = {dataset for part in parts.values() for dataset in part.datasets}
    datasets = {
        dataset: {side: tuple(item.name for item in part.of_dataset(dataset).items) for side, part in parts.items()}
        for dataset in sorted(names)
    }
    write_json(path, SplitFile(datasets=datasets).model_dump(mode="json"))


def read_split(path: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return side names by data set; empty where the checkpoint has none.

    Raises:
        CheckpointDamagedError: the file cannot be understood.
    """
    if not path.is_file():
        return {}
    try:
        return SplitFile.model_validate(read_json(path)).datasets
    except ValidationError as error:
        raise CheckpointDamagedError(f"'{path.name}' of '{path.parent.name}' is damaged.") from error


def evaluate_dataset(
    checkpoint: Checkpoint, data: str, *, split: str = "test", device: str = "auto", progress: Progress | None = None
) -> Evaluation:
    """Evaluate a checkpoint on one side of a data set given by name or folder.

    Args:
        split: "train", "val" or "test" as the checkpoint saw the data; a data set
            it was not trained on is divided afresh. "all" takes every file, and
            is refused for a data set that it was trained on.

    Raises:
        DatasetError: the data set cannot be read.
        EvaluationError: nothing to evaluate, or "all" of data it has learned.
    """
    progress = progress or (lambda what, done, total: None)
    catalog = open_dataset(data)
    stored = find_stored_sides(checkpoint, catalog)
    if split == "all" and stored:
        raise EvaluationError(
            f"'{checkpoint.name}' was trained on '{catalog.name}': figures over all of it would be too good.",
            "Evaluate its test side: --split test.",
        )
    images = load_labelled_images(
        [catalog],
        checkpoint.manifest.preprocessing,
        progress=lambda done, total: progress("Decoding radiographs", done, total),
    )
    return evaluate(
        checkpoint,
        select_side(images, split, stored),
        dataset=catalog.name,
        fingerprint=catalog.fingerprint,
        split=split,
        device=device,
        progress=lambda done, total: progress("Reading radiographs", done, total),
    )


def find_stored_sides(checkpoint: Checkpoint, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the sides of the data set in the checkpoint's training, recognised by content or by name."""
    split = read_split(checkpoint.split_path)
    for record in checkpoint.manifest.data:
        if record.fingerprint == catalog.fingerprint:
            return split.get(record.name, {})
    return split.get(catalog.name, {})


def select_side(images: LabelledImages, split: str, stored: dict[str, tuple[str, ...]]) -> LabelledImages:
    """Return one side of one data set's images, names relative to its root."""
    dataset = images.datasets[0]
    if split == "all":
        return images.of_dataset(dataset)
    if not stored:
        return partition(images)[split].of_dataset(dataset)
    names = {f"{dataset}/{name}" for name in stored.get(split, ())}
    return images.select(names).of_dataset(dataset)
