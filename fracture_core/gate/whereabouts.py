"""Where a data set that a checkpoint names is on this machine."""

from collections.abc import Collection, Iterator
from pathlib import Path

from fracture_core.data.items import Catalog
from fracture_core.data.sources import open_dataset
from fracture_core.errors import DatasetError, StoreError
from fracture_core.runs.run import list_states


def find_catalog(name: str, fingerprint: str, files: Collection[str]) -> Catalog | None:
    """Return the data set of this name that still holds these files, or None.

    The very same one goes first. One that has grown since will do: what matters is
    that the files are there; both models then have to read them anew.

    Args:
        fingerprint: of the data set when the checkpoint was made.
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


def _open_all(name: str) -> Iterator[Catalog]:
    """Yield the data sets of a name: the known one, then those that trainings were given by folder."""
    for place in dict.fromkeys([name, *_list_trained_on(name)]):
        try:
            catalog = open_dataset(place)
        except DatasetError:
            continue
        if catalog.name == name:
            yield catalog


def _list_trained_on(name: str) -> list[str]:
    try:
        states = list_states()
    except StoreError:  # the known data sets may do
        return []
    return [place for state in states for place in state.request.data if name in (Path(place).name, Path(place).stem)]
