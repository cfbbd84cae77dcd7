"""The address of the page History is its only truth: which readings, which page of them, or which one."""

from datetime import date

import streamlit as st

from fracture_core.reading import HistoryFilters
from ui.shared.address import get, go, sort_out
from ui.shared.errors import escape_markdown

READING, BEFORE, AFTER, TAB, ACTION = "reading", "before", "after", "tab", "action"
_FIELDS = tuple(HistoryFilters.model_fields)
_DAYS = ("from_day", "to_day")


def find_number(name: str) -> int | None:
    """Return a parameter that is a number of a row; None where it is none."""
    text = get(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def read_filters() -> HistoryFilters:
    """Return the filters of the address; a parameter that cannot be is named in a calm box, and left out."""
    params = {name: get(name) for name in _FIELDS if get(name)}
    problems, good = sort_out(params, HistoryFilters.from_params, _DAYS)
    for problem in problems:
        st.info(escape_markdown(f"{problem.problem} It is left out. {problem.remedy}"), icon=":material/info:")
    return HistoryFilters.from_params(good)


def change_filters(**changes: str | date | None) -> None:
    """Change fields of the filters in the address; the list opens at its newest page.

    What cannot be stays in the address, where the page names it.
    """
    present = {name: get(name) for name in _FIELDS}
    changed = present | {name: str(value) if value else "" for name, value in changes.items()}
    go(**{name: value or None for name, value in changed.items()}, **dict.fromkeys((READING, BEFORE, AFTER)))


def clear_filters() -> None:
    """Take all filters out of the address."""
    change_filters(**dict.fromkeys(_FIELDS))


def open_reading(reading_id: str) -> None:
    """Put one reading into the address; the filters stay for the way back."""
    go(**{READING: reading_id})


def leave_reading() -> None:
    """Go back to the list."""
    go(**{READING: None})


def turn_page(**place: str) -> None:
    """Go to another page of the same list: before or after a reading's number, or to the newest."""
    go(**dict.fromkeys((BEFORE, AFTER)) | place)
