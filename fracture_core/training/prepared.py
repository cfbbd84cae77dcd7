"""The data of a run, ready for training."""

from dataclasses import dataclass, replace

from fracture_core.base import StageProgress
from fracture_core.datasets import (
    Catalog,
    KeptSides,
    LabelledImages,
    divide_as_published,
    divide_by_group,
    limit_copies,
    load_labelled_images,
    measure_mean_std,
    open_dataset,
)
from fracture_core.networks import DataRecord, Preprocessing
from fracture_core.training.recipes import Recipe
from fracture_core.training.runs.run import TrainingRequest

VALIDATION_COPIES = 4  # of one radiograph; more would only repeat it


@dataclass(frozen=True)
class Prepared:
    """The data of a run, decoded and divided.

    Attributes:
        parts: "train", "val" and "test".
        validation: what of "val" an epoch is measured on and the calls are calibrated
            on: of the first data set named, as others may have another share of fractures.
    """

    catalogs: tuple[Catalog, ...]
    parts: dict[str, LabelledImages]
    validation: LabelledImages
    excluded_count: int
    preprocessing: Preprocessing


def prepare_data(
    request: TrainingRequest, recipe: Recipe, progress: StageProgress, kept: KeptSides | None = None
) -> Prepared:
    """Decode, group, divide and measure the data of a request.

    Args:
        kept: sides that stay so, see ``divide_by_group``.

    Raises:
        DatasetError: a data set cannot be read or divided.
    """
    catalogs = tuple(
        open_dataset(name, progress=lambda done, total: progress("Unpacking", done, total)) for name in request.data
    )
    shape = Preprocessing(
        input_size_px=recipe.input_size_px,
        channels=recipe.in_channels,
        stretch_percentiles=recipe.stretch_percentiles,
    )
    images = _decode(catalogs, shape, progress)
    if request.as_published:
        parts = divide_as_published(images, seed=request.seed)
    else:
        parts = divide_by_group(images, seed=0, kept=kept)  # the split does not follow the seed: runs stay comparable
    validation = parts["val"].of_dataset(catalogs[0].name)
    if not request.as_published:
        validation = limit_copies(validation, VALIDATION_COPIES)
    mean, std = measure_mean_std(parts["train"].squares)
    preprocessing = shape.model_copy(update={"mean": round(mean, 6), "std": round(max(std, 1e-3), 6)})
    return Prepared(catalogs, parts, validation, len(images.excluded), preprocessing)


def resize(prepared: Prepared, input_size_px: int, progress: StageProgress) -> Prepared:
    """Return the same data, divided alike, decoded at another size."""
    preprocessing = prepared.preprocessing.model_copy(update={"input_size_px": input_size_px})
    images = _decode(prepared.catalogs, preprocessing, progress)
    parts = {side: images.select({item.name for item in part.items}) for side, part in prepared.parts.items()}
    first = parts["val"].of_dataset(prepared.catalogs[0].name)
    validation = first.select({item.name for item in prepared.validation.items})
    return replace(prepared, parts=parts, validation=validation, preprocessing=preprocessing)


def _decode(catalogs: tuple[Catalog, ...], preprocessing: Preprocessing, progress: StageProgress) -> LabelledImages:
    return load_labelled_images(
        catalogs, preprocessing, progress=lambda done, total: progress("Decoding radiographs", done, total)
    )


def record_data(prepared: Prepared) -> tuple[DataRecord, ...]:
    """Return what a checkpoint's manifest says of its data."""
    return tuple(
        DataRecord(
            name=catalog.name,
            fingerprint=catalog.fingerprint,
            image_count=len(catalog.items),
            excluded_count=prepared.excluded_count,
            split_counts={side: part.datasets.count(catalog.name) for side, part in prepared.parts.items()},
        )
        for catalog in prepared.catalogs
    )
