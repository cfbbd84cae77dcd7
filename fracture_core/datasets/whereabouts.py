"""Where a data set that a checkpoint names is on this machine."""

from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import select

from fracture_core.base import DatasetError, StoreError, get_settings
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.datasets.sources import PHANTOM_DATASET, find_dataset_path, open_dataset
from fracture_core.store import RunRow, reading_session


def find_catalog(name: str, fingerprint: str = "", files: Collection[str] = ()) -> Catalog | None:
    """Return the data set of this name that still holds these files, or None.

    The very same one goes first. One that has grown since will do: what matters is
    that the files are there; both models then have to read them anew.

    Args:
        fingerprint: of the data set when the checkpoint was made; empty where any will do.
        files: names relative to its root.
    """
    grown = None
    for catalog in _open_all(name):
        try:
            if catalog.fingerprint == fingerprint:
                return catalog
        except DatasetError:  # a file went away since the folder was listed
            continue
        if grown is None and {item.name for item in catalog.items} >= set(files):
            grown = catalog
    return grown


def stamp_places(name: str) -> tuple[tuple[str, int], ...]:
    """Return where a data set of this name may lie, each path with when it last changed.

    For who keeps what ``find_catalog`` returned: another stamp says that it has to be asked again.
    Nothing is opened, drawn or unpacked.

    Returns:
        path and modification time (ns, 0 for the phantoms before they are drawn) of each place; empty where
        there is none.
    """
    return tuple((str(path), _read_modified_ns(path)) for path in map(_find_path, _list_places(name)) if path)


def _find_path(place: str) -> Path | None:
    return get_settings().state_dir / PHANTOM_DATASET if place == PHANTOM_DATASET else find_dataset_path(place)


def _read_modified_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # not drawn yet, or gone since it was found
        return 0


def _list_places(name: str) -> list[str]:
    """Return the name itself, then the folders and zips that trainings were given, without repeats."""
    return list(dict.fromkeys([name, *_list_trained_on(name)]))


def _open_all(name: str) -> Iterator[Catalog]:
    """Yield the data sets of a name: the known one, then those that trainings were given by folder."""
    for place in _list_places(name):
        try:
            catalog = open_dataset(place)
        except DatasetError:
            continue
        if catalog.name == name:
            yield catalog


def _list_trained_on(name: str) -> list[str]:
    try:
        with reading_session() as session:
            requests = session.scalars(
                select(RunRow.request).order_by(RunRow.created_at.desc(), RunRow.id.desc())
            ).all()
    except StoreError:  # the known data sets may do
        return []
    places = [place for request in requests for place in request.get("data", ())]
    return [place for place in places if name in (Path(place).name, Path(place).stem)]
