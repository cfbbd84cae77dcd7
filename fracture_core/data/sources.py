"""Data sets by name: the drawn phantoms, folders known to the settings, or any folder."""

from pathlib import Path

from fracture_core.data.catalog import read_catalog
from fracture_core.data.items import Catalog
from fracture_core.data.phantoms import ensure_phantom_dataset
from fracture_core.errors import DatasetError
from fracture_core.settings import Settings, get_settings

PHANTOMS = "phantoms"


def list_datasets(settings: Settings | None = None) -> list[str]:
    """Return the names that can be trained on here; the drawn phantoms are always among them, last."""
    data_dir = (settings or get_settings()).data_dir
    folders = sorted(path.name for path in data_dir.iterdir() if _may_be_dataset(path)) if data_dir.is_dir() else []
    return [*folders, PHANTOMS]


def open_dataset(name: str, settings: Settings | None = None) -> Catalog:
    """Return the catalog of a data set given by name or by folder; phantoms are drawn on first use.

    Raises:
        DatasetError: neither a known name nor a folder that holds a data set.
    """
    settings = settings or get_settings()
    if name == PHANTOMS:
        return read_catalog(ensure_phantom_dataset(settings.state_dir / PHANTOMS))
    known = settings.data_dir / name
    root = known if known.is_dir() else Path(name).expanduser()
    if not root.is_dir():
        raise DatasetError(
            f"'{name}' is neither a known data set ({', '.join(list_datasets(settings))}) nor a folder.",
            "Give the folder that holds the data set, or put it into " + str(settings.data_dir) + ".",
        )
    return read_catalog(root)


def _may_be_dataset(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")
