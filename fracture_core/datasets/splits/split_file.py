"""Which side of its split a checkpoint saw a file on, kept beside the weights.

Evaluating by the stored sides means that a test file stays a test file, however
the code that divides data may change later.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fracture_core.base import CheckpointDamagedError, write_json
from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.networks import read_checkpoint_json

SideNames = dict[str, tuple[str, ...]]  # names relative to a data set's root, by side


class SplitFile(BaseModel):
    """``split.json``: for each data set, the names on each side.

    Attributes:
        learned_before: of these, what the first weights or the teacher had learned
            from; figures over it are too good.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(1, ge=1, le=1)
    datasets: dict[str, SideNames]
    learned_before: dict[str, SideNames] = {}


def write_split(path: Path, parts: Mapping[str, LabelledImages], learned_groups: Mapping[str, Collection[str]]) -> None:
    """Write the sides of a training's data atomically.

    Args:
        learned_groups: by side, groups that the first weights or the teacher had learned from.
    """
    datasets: dict[str, SideNames] = {}
    learned_before: dict[str, SideNames] = {}
    for dataset in sorted({dataset for part in parts.values() for dataset in part.datasets}):
        items = {side: part.of_dataset(dataset).items for side, part in parts.items()}
        datasets[dataset] = {side: tuple(item.name for item in found) for side, found in items.items()}
        learned = {
            side: tuple(item.name for item in items[side] if item.group in groups)
            for side, groups in learned_groups.items()
        }
        if any(learned.values()):
            learned_before[dataset] = learned
    write_json(path, SplitFile(datasets=datasets, learned_before=learned_before).model_dump(mode="json"))


def read_split_file(path: Path) -> SplitFile:
    """Return what was written; empty where the checkpoint has none.

    Raises:
        CheckpointDamagedError: the file cannot be understood.
    """
    if not path.is_file():
        return SplitFile(datasets={})
    try:
        return SplitFile.model_validate(read_checkpoint_json(path))
    except ValidationError as error:
        raise CheckpointDamagedError(f"'{path.name}' of '{path.parent.name}' is damaged.") from error


def read_split(path: Path) -> dict[str, SideNames]:
    """Return side names by data set, as ``read_split_file``."""
    return read_split_file(path).datasets
