"""What a training would learn from and be measured on, before it starts."""

from collections import Counter

from pydantic import BaseModel, ConfigDict

from fracture_core.base import StageProgress
from fracture_core.datasets import LabelledImages
from fracture_core.evaluation import find_leaking
from fracture_core.training.kept_sides import find_kept_sides, find_learned_before
from fracture_core.training.prepared import Prepared, prepare_data
from fracture_core.training.recipes import Recipe, resolve_recipe
from fracture_core.training.runs.run import TrainingRequest
from fracture_core.training.sampling import EpochSampler


class PreviewSide(BaseModel):
    """One side of the split, in files, radiographs (copies once) and groups (what must stay together).

    Attributes:
        learned_before: radiographs that the first weights or the teacher had learned
            from; figures over this side will be marked.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    files: int
    radiographs: int
    groups: int
    fractured: int
    regions: dict[str, int]
    learned_before: int = 0


class Preview(BaseModel):
    """The data of a request, divided.

    Attributes:
        fingerprints: of each data set, by name.
        excluded: files left out: unreadable, or copies with two labels.
        drawn: files drawn for one epoch of training.
        validated: files of validation that an epoch is measured on.
    """

    model_config = ConfigDict(frozen=True)

    sides: tuple[PreviewSide, ...]
    fingerprints: dict[str, str]
    excluded: int
    drawn: int
    validated: int


def preview_data(request: TrainingRequest, progress: StageProgress) -> Preview:
    """Decode and divide the data as the training will; the training then finds it decoded.

    Raises:
        DatasetError: a data set cannot be read or divided.
        TrainingError: no such recipe.
    """
    recipe = resolve_recipe(request)
    prepared = prepare_data(request, recipe, progress, find_kept_sides(request))
    learned = find_learned_before(recipe, prepared.parts)
    return Preview(
        sides=tuple(_count(name, part, learned.get(name, set())) for name, part in prepared.parts.items()),
        fingerprints={catalog.name: catalog.fingerprint for catalog in prepared.catalogs},
        excluded=prepared.excluded_count,
        drawn=_count_drawn(prepared, recipe),
        validated=len(prepared.validation.items),
    )


def _count(name: str, part: LabelledImages, learned_groups: set[str]) -> PreviewSide:
    leaks = find_leaking(part, learned_groups)
    return PreviewSide(
        name=name,
        files=len(part.items),
        radiographs=len(set(part.radiographs)),
        groups=len({item.group for item in part.items}),
        fractured=int(part.labels.sum()),
        regions=dict(Counter(item.region or "not told" for item in part.items).most_common()),
        learned_before=leaks.radiographs if leaks else 0,
    )


def _count_drawn(prepared: Prepared, recipe: Recipe) -> int:
    return len(
        EpochSampler(
            prepared.parts["train"],
            seed=0,
            balanced=recipe.balanced,
            copies_per_epoch=recipe.copies_per_epoch,
            mirrored=recipe.mirror_copies,
        )
    )
