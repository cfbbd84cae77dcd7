"""Data sets by name: the drawn phantoms, folders and zips known to the settings, or any folder or zip."""

import os
from pathlib import Path

from fracture_core.data.catalog import read_catalog
from fracture_core.data.items import Catalog
from fracture_core.data.phantoms import ensure_phantom_dataset
from fracture_core.data.zips import Progress, is_zip_name
from fracture_core.errors import DatasetError
from fracture_core.settings import Settings, get_settings

PHANTOMS = "phantoms"


def list_datasets(settings: Settings | None = None) -> list[str]:
    """Return the names that can be trained on here; the drawn phantoms are always among them, last."""
    return [*_find_known(settings or get_settings()), PHANTOMS]


def find_dataset(name: str, settings: Settings | None = None) -> Path | None:
    """Return the folder or zip of a name known to the settings or of a path; None where there is none."""
    settings = settings or get_settings()
    known = _find_known(settings).get(name)
    for path in ([known] if known else [settings.data_dir / name, Path(os.path.expanduser(name))]):
        if path.is_dir() or (path.is_file() and is_zip_name(path)):
            return path
    return None


def open_dataset(name: str, settings: Settings | None = None, progress: Progress | None = None) -> Catalog:
    """Return the catalog of a data set given by name, folder or zip; phantoms are drawn on first use.

    Args:
        progress: called with bytes done and in all while a zip is unpacked on first use.

    Raises:
        DatasetError: neither a known name nor a folder or zip that holds a data set.
    """
    settings = settings or get_settings()
    if name == PHANTOMS:
        return read_catalog(ensure_phantom_dataset(settings.state_dir / PHANTOMS))
    root = find_dataset(name, settings)
    if root is None:
        raise DatasetError(
            f"'{name}' is neither a known data set ({', '.join(list_datasets(settings))}) nor a folder or zip.",
            f"Give the folder or zip that holds the data set, or put it into {settings.data_dir}.",
        )
    return read_catalog(root, settings=settings, progress=progress)


def _find_known(settings: Settings) -> dict[str, Path]:
    """Return folders and zips of ``data_dir`` by the data set's name, sorted; a folder goes before a zip."""
    if not settings.data_dir.is_dir():
        return {}
    paths = [path for path in sorted(settings.data_dir.iterdir()) if not path.name.startswith(".")]
    zips = {path.stem: path for path in paths if path.is_file() and is_zip_name(path)}
    found = zips | {path.name: path for path in paths if path.is_dir()}
    return {name: found[name] for name in sorted(found) if name != PHANTOMS}
