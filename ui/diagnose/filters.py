"""Which rows of a worklist are shown; the address says so, so that a reload and a link show the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fracture_core.failures import join_words, split_words
from fracture_core.networks import CALLS
from fracture_core.records import WorklistItem
from ui.diagnose.address import FILTERS, read_filter
from ui.shared.address import go
from ui.shared.calls import WORDS

# What the address calls a state, and how people read it.
STATES = {call: WORDS[call] for call in CALLS} | {
    "refused": "Refused",
    "failed": "Could not be read",
    "waiting": "Still to be read",
}
_UNKNOWN = "not known"
_CALL, _REGION, _SEARCH = FILTERS


@dataclass(frozen=True)
class Chosen:
    """What a person wants to see; empty is all. ``states`` are keys of ``STATES``."""

    states: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    search: str = ""


def find_state(item: WorklistItem) -> str:
    """Return the key of ``STATES`` that an item is in."""
    if item.is_refused:
        return "refused"
    if item.shown_call:
        return item.shown_call
    return "failed" if item.status == "failed" else "waiting"


def word_state(item: WorklistItem) -> str:
    """Return the call in words, or why there is none."""
    return STATES[find_state(item)]


def show_filters(items: Sequence[WorklistItem]) -> Chosen:
    """Show the filters; only those that part the list, and those that the address names."""
    chosen = _read_chosen()
    states = Counter(find_state(item) for item in items)
    regions = Counter(item.region or _UNKNOWN for item in items)
    # The address decides; a widget's own memory would outlive the way back.
    values = {_CALL: list(chosen.states), _REGION: list(chosen.regions), _SEARCH: chosen.search}
    st.session_state.update({_find_key(name): value for name, value in values.items()})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="fx_list_filters"):
        st.pills(
            "Show",
            [state for state in STATES if states[state] or state in chosen.states],
            selection_mode="multi",
            key=_find_key(_CALL),
            format_func=lambda state: f"{STATES[state]} {states[state]:,}",
            on_change=_take,
            args=(_CALL,),
        )
        if len(regions) > 1 or chosen.regions:
            st.multiselect(
                "Body part",
                sorted({*regions, *chosen.regions}),
                key=_find_key(_REGION),
                width=220,
                on_change=_take,
                args=(_REGION,),
            )
        st.text_input(
            "File name",
            key=_find_key(_SEARCH),
            width=220,
            placeholder="Search",
            max_chars=200,
            on_change=_take,
            args=(_SEARCH,),
        )
    return chosen


def filter_items(items: Sequence[WorklistItem], chosen: Chosen) -> list[WorklistItem]:
    """Return the items that pass."""
    return [
        item
        for item in items
        if (not chosen.states or find_state(item) in chosen.states)
        and (not chosen.regions or (item.region or _UNKNOWN) in chosen.regions)
        and chosen.search.lower() in item.name.lower()
    ]


def _read_chosen() -> Chosen:
    """Return what the address asks for; a state that there is not is left out."""
    states = tuple(state for state in split_words(read_filter(_CALL)) if state in STATES)
    return Chosen(states, tuple(split_words(read_filter(_REGION))), read_filter(_SEARCH).strip())


def _find_key(name: str) -> str:
    return f"list_{name}"


def _take(name: str) -> None:
    value = st.session_state[_find_key(name)]
    go(**{name: value.strip() if isinstance(value, str) else join_words(value)})
