"""Where radiographs stay that a model knows: no later training learns from the test radiographs of the one in use.

Only then can the two be compared on radiographs that neither has seen, also where the data set has grown since, and
would be divided in another way. The same holds for validation: what the weights that a training starts from, or its
teacher, have learned from would flatter it.
"""

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from fracture_core.base import CheckpointError, write_json
from fracture_core.datasets import KeptSides, LabelledImages, read_split
from fracture_core.evaluation import LEARNT_BEFORE
from fracture_core.networks import NO_CHECKPOINT, find_checkpoint
from fracture_core.training.recipes import Recipe, resolve_recipe
from fracture_core.training.runs.run import Run, TrainingRequest

_FILE = "kept-sides.json"
_KEPT = TypeAdapter(dict[str, dict[str, frozenset[str]]])
_IN_USE = None


def find_kept_sides(request: TrainingRequest) -> KeptSides:
    """Return the sides of the model in use by data set; none for a division as published.

    Of a data set that it does not know, those of the weights to start from, else of the
    teacher. What either of these two has learned from is for training, unless it is for test.
    """
    if request.as_published:
        return {}
    recipe = resolve_recipe(request)
    kept: dict[str, dict[str, frozenset[str]]] = {}
    for name in (_IN_USE, recipe.initial, recipe.teacher):
        for dataset, sides in _read_sides(name).items():
            kept[dataset] = _keep_from_validation(kept[dataset], sides["train"]) if dataset in kept else sides
    return kept


def find_learned_before(recipe: Recipe, parts: Mapping[str, LabelledImages]) -> dict[str, set[str]]:
    """Return groups that the first weights or the teacher learned from, by the side whose figures that flatters.

    There are some where a data set had nothing left that could validate, or where the
    test side is that of a model in use which the weights to start from did not share.
    """
    forebears = [_read_sides(name) for name in (recipe.initial, recipe.teacher)]
    items = [item for part in parts.values() for item in part.items]
    found: dict[str, set[str]] = {}
    for measured in ("val", "test"):
        learned = {
            f"{dataset}/{name}"
            for datasets in forebears
            for dataset, sides in datasets.items()
            for side in LEARNT_BEFORE[measured]
            for name in sides[side]
        }
        found[measured] = {item.group for item in items if item.name in learned}
    return found


def choose_kept_sides(run: Run, request: TrainingRequest) -> KeptSides:
    """Return what ``find_kept_sides`` gave when the run first began: by its resume, another model may be in use."""
    path = run.directory / _FILE
    try:
        return _KEPT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        kept = find_kept_sides(request)
    write_json(
        path, {dataset: {side: sorted(names) for side, names in sides.items()} for dataset, sides in kept.items()}
    )
    return kept


def _read_sides(name: str | None) -> dict[str, dict[str, frozenset[str]]]:
    if name in NO_CHECKPOINT:
        return {}
    try:
        split = read_split(find_checkpoint(name).split_path)
    except CheckpointError:  # there is none, or it is damaged: the training itself says so if it needs it
        return {}
    return {
        dataset: {side: frozenset(sides.get(side, ())) for side in ("train", "val", "test")}
        for dataset, sides in split.items()
    }


def _keep_from_validation(sides: dict[str, frozenset[str]], learned: frozenset[str]) -> dict[str, frozenset[str]]:
    learned -= sides["test"]
    return {"train": sides["train"] | learned, "val": sides["val"] - learned, "test": sides["test"]}
