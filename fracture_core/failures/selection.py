"""The files that filters leave, sorted, with the copies of a radiograph folded into one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import pandas as pd

from fracture_core.evaluation import Prediction
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.table import FailureTable


@dataclass(frozen=True, slots=True)
class FailureEntry:
    """One radiograph; its copies are folded into it.

    Attributes:
        shown: the copy that stands for it, the first in the order chosen.
        files: the copies that pass the filters, in that order.
        n_files, n_wrong: of the radiograph in the whole evaluation, whatever the filters.
    """

    radiograph: str
    shown: Prediction
    files: tuple[Prediction, ...]
    n_files: int
    n_wrong: int


class FailureEntries(Sequence[FailureEntry]):
    """What filters leave, in order; an entry is made when it is looked at: of 10,000, only those shown."""

    def __init__(self, table: FailureTable, rows: np.ndarray, starts: np.ndarray) -> None:
        self._table, self._rows, self._starts = table, rows, starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> FailureEntry: ...

    @overload
    def __getitem__(self, index: slice) -> list[FailureEntry]: ...

    def __getitem__(self, index: int | slice) -> FailureEntry | list[FailureEntry]:
        if isinstance(index, slice):
            return [self._build(place) for place in range(*index.indices(len(self)))]
        return self._build(range(len(self))[index])

    @property
    def n_files(self) -> int:
        """Return how many files pass the filters."""
        return len(self._rows)

    def find(self, name: str) -> int | None:
        """Return the place of the entry that holds a file, or None where the filters leave it out."""
        found = np.flatnonzero(self._table.frame["name"].to_numpy()[self._rows] == name)
        return int(np.searchsorted(self._starts, found[0], side="right")) - 1 if len(found) else None

    def _build(self, place: int) -> FailureEntry:
        rows = self._rows[self._starts[place] : self._starts[place + 1]]
        files = tuple(self._table.evaluation.predictions[row] for row in rows.tolist())
        radiograph = self._table.frame["radiograph"].to_numpy()[rows[0]]
        counts = int(self._table.n_files[radiograph]), int(self._table.n_wrong[radiograph])
        return FailureEntry(files[0].radiograph, files[0], files, *counts)


def select_failures(table: FailureTable, filters: FailureFilters) -> FailureEntries:
    """Return the radiographs of which a file passes the filters, in the order asked for.

    An entry stands where the first of its files would.
    """
    order = table.orders[filters.order]
    rows = order[find_rows(table, filters)[order]]
    places = pd.factorize(table.frame["radiograph"].to_numpy()[rows])[0]  # numbered as they first occur
    starts = np.concatenate([[0], np.cumsum(np.bincount(places))]).astype(np.int64)
    return FailureEntries(table, rows[np.argsort(places, kind="stable")], starts)


def find_rows(table: FailureTable, filters: FailureFilters) -> np.ndarray:
    """Return ``(N,)`` bool: the files that pass all filters."""
    result: np.ndarray = np.logical_and.reduce([find_by_range(table, filters), *find_by_facet(table, filters).values()])
    return result


def find_by_facet(table: FailureTable, filters: FailureFilters) -> dict[str, np.ndarray]:
    """Return ``(N,)`` bool by the name of each facet that restricts: the files that it leaves."""
    masks = {
        name: facet.find(words, len(table.frame))
        for name, facet in table.facets.items()
        if name != "show" and (words := filters.list_words(name))
    }
    return {"show": find_shown(table, filters.show, "fixed" in filters.changes), **masks}


def find_shown(table: FailureTable, show: str, with_fixed: bool) -> np.ndarray:
    """Return ``(N,)`` bool: what the switch leaves; with the files that are fixed, which are not wrong any more."""
    shown = table.facets["show"].find([show], len(table.frame))
    return shown | table.facets["changes"].find(["fixed"], len(table.frame)) if with_fixed else shown


def find_by_range(table: FailureTable, filters: FailureFilters) -> np.ndarray:
    """Return ``(N,)`` bool: the files that the probability, the family and the search leave."""
    p_fracture = table.frame["p_fracture"].to_numpy()
    mask = (p_fracture >= filters.p_from) & (p_fracture <= filters.p_to)
    if filters.family:
        mask &= table.frame["radiograph"].to_numpy() == table.radiographs.get(filters.family, -1)
    if filters.search:
        wanted = filters.search.casefold()
        mask &= np.array([wanted in name for name in table.frame["searched"].to_numpy()], bool)
    result: np.ndarray = mask
    return result
