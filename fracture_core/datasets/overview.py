"""What data sets are at hand, with their layout, counts and licence."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from fracture_core.base import CountProgress, DatasetError, Settings, get_settings
from fracture_core.datasets.fetch.known import KNOWN_DATASETS
from fracture_core.datasets.fetch.provenance import read_provenance
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.datasets.sources import PHANTOM_DATASET, find_dataset_path, list_datasets, open_dataset


class DatasetSummary(BaseModel):
    """A data set that the app knows by name; counts are None where it is not here or cannot be read.

    Attributes:
        state: "ready", "unusable" (``problem`` says why), "drawn on first use" (the
            phantoms), or "can be fetched" (with ``key``).
        left_out: files or rows that do not fit; damaged images are found when they are decoded.
        licence: None where it is not known.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    state: Literal["ready", "unusable", "drawn on first use", "can be fetched"]
    path: str | None = None
    layout: str | None = None
    images: int | None = None
    fractured: int | None = None
    groups: int | None = None
    left_out: int | None = None
    licence: str | None = None
    problem: str | None = None
    key: str | None = None


def summarize_datasets(settings: Settings | None = None, progress: CountProgress | None = None) -> list[DatasetSummary]:
    """Return the sets known by name, then those that can be fetched; zips are unpacked on the way."""
    settings = settings or get_settings()
    here = [_summarize(name, settings, progress) for name in list_datasets(settings)]
    names = {summary.name for summary in here}
    absent = [
        DatasetSummary(name=known.name, state="can be fetched", licence=known.licence, key=key)
        for key, known in KNOWN_DATASETS.items()
        if known.name not in names
    ]
    return here + absent


def _summarize(name: str, settings: Settings, progress: CountProgress | None) -> DatasetSummary:
    if name == PHANTOM_DATASET:
        return _summarize_phantoms(settings)
    path = find_dataset_path(name, settings)
    try:
        catalog = open_dataset(name, settings, progress)
    except DatasetError as error:
        return DatasetSummary(name=name, state="unusable", path=str(path), problem=str(error))
    return DatasetSummary(
        name=name, state="ready", path=str(path), licence=_find_licence(name, path), **_count(catalog)
    )


def _summarize_phantoms(settings: Settings) -> DatasetSummary:
    folder, licence = settings.state_dir / PHANTOM_DATASET, "none needed: drawings, not radiographs"
    if not (folder / "manifest.csv").is_file():
        return DatasetSummary(name=PHANTOM_DATASET, state="drawn on first use", licence=licence)
    counts = _count(open_dataset(PHANTOM_DATASET, settings))
    return DatasetSummary(name=PHANTOM_DATASET, state="ready", path=str(folder), licence=licence, **counts)


def _count(catalog: Catalog) -> dict[str, object]:
    return {
        "layout": catalog.layout,
        "images": len(catalog.items),
        "fractured": sum(item.label for item in catalog.items),
        "groups": len({item.group for item in catalog.items}),
        "left_out": len(catalog.excluded),
    }


def _find_licence(name: str, path: Path | None) -> str | None:
    provenance = read_provenance(path) if path else None
    published: Iterable[str] = (known.licence for known in KNOWN_DATASETS.values() if known.name == name)
    return provenance.licence if provenance else next(iter(published), None)
