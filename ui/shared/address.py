"""The address of the gallery is its only truth: what it shows is read from there, and every choice goes there."""

from collections.abc import Callable, Collection, Iterable

import streamlit as st

from fracture_core.base import FailureFilterError, FractureError
from fracture_core.failures import FailureFilters
from ui.shared.errors import escape_markdown

EVALUATION, AGAINST, PATTERN, IMAGE, PAGE = "evaluation", "against", "pattern", "image", "page"
_FILTERS = tuple(FailureFilters.model_fields)
_RANGE = ("p_from", "p_to")


def get(name: str) -> str:
    """Return a parameter of the address, or an empty text."""
    return st.query_params.get(name, "")


def go(**changes: str | None) -> None:
    """Change parameters in one step, so that the browser's back button undoes them together; None takes one out."""
    params = st.query_params.to_dict() | changes
    kept = {name: value for name, value in params.items() if value}
    if kept != st.query_params.to_dict():
        st.query_params.from_dict(kept)


def read_filters() -> FailureFilters:
    """Return the filters of the address; a parameter that cannot be is named in a calm box, and left out."""
    params = {name: st.query_params[name] for name in _FILTERS if name in st.query_params}
    try:
        return FailureFilters.from_params(params)
    except FailureFilterError:
        problems, good = sort_out(params, FailureFilters.from_params, _RANGE)
    for problem in problems:
        st.info(escape_markdown(f"{problem.problem} It is left out. {problem.remedy}"), icon=":material/info:")
    return FailureFilters.from_params(good)


def sort_out(
    params: dict[str, str], read: Callable[[dict[str, str]], object], ends: Collection[str]
) -> tuple[list[FractureError], dict[str, str]]:
    """Return what is wrong with parameters of the address, and those that can be.

    Args:
        read: makes filters of parameters; raises a ``FractureError`` that names what cannot be.
        ends: parameters that may each be alone, and not together; then neither is taken.
    """
    problems, good = [], {}
    for name, text in params.items():
        problem = _find_problem(read, {name: text})
        if problem:
            problems.append(problem)
        else:
            good[name] = text
    problem = _find_problem(read, {name: good[name] for name in ends if name in good})
    if problem:
        problems.append(problem)
        good = {name: text for name, text in good.items() if name not in ends}
    return problems, good


def _find_problem(read: Callable[[dict[str, str]], object], params: dict[str, str]) -> FractureError | None:
    try:
        read(params)
    except FractureError as error:
        return error
    return None


def apply_filters(filters: FailureFilters) -> None:
    """Put filters into the address; the grid opens at its first page."""
    go(**_spell(filters), **dict.fromkeys((IMAGE, PAGE)))


def change_filters(**changes: object) -> None:
    """Change fields of the filters in the address."""
    present = {name: st.query_params[name] for name in _FILTERS if name in st.query_params}
    filters = FailureFilters.from_params(sort_out(present, FailureFilters.from_params, _RANGE)[1])
    apply_filters(FailureFilters.model_validate(filters.model_dump() | changes))


def clear_filters(keep: Iterable[str] = ()) -> None:
    """Take all filters but those named out of the address."""
    kept = {name: st.query_params[name] for name in keep if name in st.query_params}
    go(**dict.fromkeys(_FILTERS) | kept, **dict.fromkeys((IMAGE, PAGE)))


def _spell(filters: FailureFilters) -> dict[str, str | None]:
    return dict.fromkeys(_FILTERS) | filters.to_params()
