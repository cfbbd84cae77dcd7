"""Data sets by name: drawn phantoms, radiographs reviewed here, what the settings know, or any folder or zip."""

import os
from pathlib import Path

from fracture_core.base import CountProgress, DatasetError, Settings, get_settings
from fracture_core.datasets.archives.zips import is_zip_name
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.datasets.layouts.manifest_csv import MANIFEST_NAME
from fracture_core.datasets.phantoms.dataset import ensure_phantom_dataset

PHANTOM_DATASET = "phantoms"
REVIEWED_DATASET = "reviewed"  # radiographs reviewed in the app, in STATE_DIR/reviewed with a manifest.csv


def list_datasets(settings: Settings | None = None) -> list[str]:
    """Return the names that can be trained on here; the drawn phantoms are always among them, last."""
    return [*_find_known(settings or get_settings()), PHANTOM_DATASET]


def find_dataset_path(name: str, settings: Settings | None = None) -> Path | None:
    """Return the folder or zip of a name known to the settings or of a path; None where there is none."""
    settings = settings or get_settings()
    known = _find_known(settings).get(name)
    as_path = Path(os.path.expanduser(name))  # noqa: PTH111 - pathlib's raises where a ~name is nobody's
    for path in [known] if known else [settings.data_dir / name, as_path]:
        if path.is_dir() or (path.is_file() and is_zip_name(path)):
            return path
    return None


def has_reviewed(settings: Settings | None = None) -> bool:
    """Return whether radiographs were reviewed in the app, so that there is a data set of them."""
    path = (settings or get_settings()).state_dir / REVIEWED_DATASET / MANIFEST_NAME
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig") as lines:
        return sum(1 for line in lines if line.strip()) > 1  # the first names the columns


def open_dataset(name: str, settings: Settings | None = None, progress: CountProgress | None = None) -> Catalog:
    """Return the catalog of a data set given by name, folder or zip; phantoms are drawn on first use.

    Args:
        progress: called with bytes done and in all while a zip is unpacked on first use.

    Raises:
        DatasetError: neither a known name nor a folder or zip that holds a data set.
    """
    settings = settings or get_settings()
    if name == PHANTOM_DATASET:
        return read_catalog(ensure_phantom_dataset(settings.state_dir / PHANTOM_DATASET))
    root = find_dataset_path(name, settings)
    if root is None:
        raise DatasetError(
            f"'{name}' is neither a known data set ({', '.join(list_datasets(settings))}) nor a folder or zip.",
            f"Give the folder or zip that holds the data set, or put it into {settings.data_dir}.",
        )
    is_reviewed = root == settings.state_dir / REVIEWED_DATASET
    return read_catalog(root, settings=settings, progress=progress, one_class=is_reviewed)


def _find_known(settings: Settings) -> dict[str, Path]:
    """Return folders and zips of ``data_dir`` by the data set's name, sorted; a folder goes before a zip.

    What was reviewed in the app comes last, and goes before a folder of that name.
    """
    there = sorted(settings.data_dir.iterdir()) if settings.data_dir.is_dir() else []
    paths = [path for path in there if not path.name.startswith(".")]
    zips = {path.stem: path for path in paths if path.is_file() and is_zip_name(path)}
    found = zips | {path.name: path for path in paths if path.is_dir()}
    known = {name: found[name] for name in sorted(found) if name not in (PHANTOM_DATASET, REVIEWED_DATASET)}
    return known | ({REVIEWED_DATASET: settings.state_dir / REVIEWED_DATASET} if has_reviewed(settings) else {})
