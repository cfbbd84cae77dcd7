"""How many files each filter's values would leave, and which share of all errors they hold."""

from dataclasses import dataclass

import numpy as np

from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.selection import find_by_facet, find_by_range, find_shown
from fracture_core.failures.table import FailureTable


@dataclass(frozen=True, slots=True)
class FacetCount:
    """What choosing this value alone, of its filter, would leave under all the other filters.

    Attributes:
        files, wrong: files, and how many of them are wrong at the balanced operating point.
        share_of_errors: ``wrong`` as a share of all errors of the evaluation; 0 where it has none.
        radiographs: how many the files show.
    """

    value: str
    files: int
    wrong: int
    share_of_errors: float
    radiographs: int


def count_facets(table: FailureTable, filters: FailureFilters) -> dict[str, list[FacetCount]]:
    """Return the counts of every value by the name of the filter's field, in the words of its address parameter.

    A filter's own restriction is left out of its counts, so that they say what another choice would leave.
    """
    by_range, by_facet = find_by_range(table, filters), find_by_facet(table, filters)
    n_failed = sum(~mask for mask in by_facet.values())
    counts = {}
    for name in table.facets:
        own = ~by_facet[name] if name in by_facet else 0
        left = by_range & (n_failed - own == 0)
        if name == "changes":  # of the fixed files, which are not wrong any more, the switch must not count none
            left = _leave_out(by_range, by_facet, "changes") & find_shown(table, filters.show, with_fixed=True)
        counts[name] = _count(table, name, left)
    if "fixed" in filters.changes:
        left = _leave_out(by_range, by_facet)
        shown = {value: left & find_shown(table, value, with_fixed=True) for value in table.facets["show"].values}
        counts["show"] = [_count_one(table, value, mask) for value, mask in shown.items()]
    return counts


def _leave_out(by_range: np.ndarray, by_facet: dict[str, np.ndarray], *names: str) -> np.ndarray:
    """Return what is left without the switch and the named facets."""
    result: np.ndarray = np.logical_and.reduce(
        [by_range, *(mask for name, mask in by_facet.items() if name not in ("show", *names))]
    )
    return result


def _count(table: FailureTable, name: str, left: np.ndarray) -> list[FacetCount]:
    facet = table.facets[name]
    files, radiographs = facet.count(left), facet.count_radiographs(left)
    wrong = facet.count(left & table.frame["wrong"].to_numpy())
    return [
        _build(table, value, *numbers)
        for value, *numbers in zip(facet.values, files.tolist(), wrong.tolist(), radiographs.tolist(), strict=True)
    ]


def _count_one(table: FailureTable, value: str, mask: np.ndarray) -> FacetCount:
    of_files = table.frame.loc[mask]
    return _build(table, value, len(of_files), int(of_files["wrong"].sum()), of_files["radiograph"].nunique())


def _build(table: FailureTable, value: str, files: int, wrong: int, radiographs: int) -> FacetCount:
    errors = int(table.n_wrong.sum())
    return FacetCount(value, files, wrong, wrong / errors if errors else 0.0, radiographs)
