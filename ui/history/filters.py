"""What the list of readings is restricted to, and the way to a reading by its file."""

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.networks import CALLS
from fracture_core.reading import KNOWN_WORDS, NOT_KNOWN, HistoryFilters, list_reading_values
from ui.history.address import change_filters, clear_filters
from ui.shared.calls import WORDS
from ui.shared.errors import escape_markdown

_TITLES = {
    "search": "Search",
    "who": "Who",
    "source": "Source",
    "region": "Body part",
    "call": "Call",
    "by_model": "Model",
    "refused": "Gate",
    "from_day": "From",
    "to_day": "To",
    "sha256": "File",
    "worklist": "Worklist",
}
WORDS_OF: dict[str, dict[str, str]] = {
    "call": {call: WORDS[call] for call in CALLS},
    "refused": {"yes": "Refused", "overridden": "Refused, read all the same", "no": "Not refused"},
    "source": {source: source[0].upper() + source[1:] for source in KNOWN_WORDS["source"]},
}
_GENERATION = "fx_history_files"  # a new number empties the uploader: the file is looked up, not kept


def show_filters(filters: HistoryFilters) -> None:
    """Show every filter as the address has it."""
    with st.container(key="fx_history_filters", gap="small"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _follow(
                filters,
                "search",
                st.text_input,
                placeholder="Person, reading or file hash",
                max_chars=120,
                icon=":material/search:",
                width=270,
                help="Part of a person's name; or 8 or more of the first digits of a reading's id or a file's SHA-256.",
            )
            _follow(filters, "from_day", st.date_input, format="YYYY-MM-DD", width=140, help="In UTC")
            _follow(filters, "to_day", st.date_input, format="YYYY-MM-DD", width=140, help="In UTC, included")
            _find_by_file()
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _choose(filters, "call", CALLS, 200)
            _choose(filters, "source", KNOWN_WORDS["source"], 150)
            _choose(filters, "region", _list_known("region"), 150)
            _choose(filters, "who", _list_known("who"), 150)
            _choose(filters, "refused", KNOWN_WORDS["refused"], 190)
            _choose(filters, "by_model", _list_known("model"), 190)
    _show_active(filters)


def describe_filters(filters: HistoryFilters) -> str:
    """Return the restrictions in words."""
    parts = []
    for name, value in filters.to_params().items():
        word = WORDS_OF.get(name, {}).get(value, value[:12] if name == "sha256" else value)
        parts.append(f"{_TITLES[name].lower()} {word}")
    return "; ".join(parts)


def _show_active(filters: HistoryFilters) -> None:
    if filters.is_empty:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Filtered: {escape_markdown(describe_filters(filters))}", width="content")
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=clear_filters,
            key="fx_history_clear",
        )


def _list_known(column: str) -> list[str]:
    return [value or NOT_KNOWN for value in list_reading_values(column)]


def _choose(filters: HistoryFilters, name: str, options: Any, width: int) -> None:
    """Show a choice; one value for all divides nothing, so it is left out."""
    present, words = getattr(filters, name), WORDS_OF.get(name, {})
    values = [*options, *([present] if present and present not in options else [])]
    if len(values) < 2 and not present:
        return
    _follow(
        filters,
        name,
        st.selectbox,
        values,
        placeholder="Any",
        width=width,
        format_func=lambda value: words.get(value, value),
    )


def _follow(filters: HistoryFilters, name: str, widget: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Show a widget that holds a field of the address, and puts a change there."""
    key = f"fx_history_{name}"
    st.session_state[key] = getattr(filters, name) or ("" if name == "search" else None)
    widget(_TITLES[name], *args, key=key, on_change=lambda: change_filters(**{name: st.session_state[key]}), **kwargs)


def _find_by_file() -> None:
    generation = int(st.session_state.get(_GENERATION, 0))
    with st.popover("Find by file", icon=":material/attach_file:"):
        st.caption("The file's SHA-256 is looked up. The file is neither read nor kept.")
        file = st.file_uploader(
            "A file that was read",
            key=f"fx_history_file_{generation}",
            label_visibility="collapsed",
            max_upload_size=get_settings().max_file_bytes // 1024**2,
        )
    if file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        st.session_state[_GENERATION] = generation + 1
        clear_filters()
        change_filters(sha256=sha256)
        st.rerun()
