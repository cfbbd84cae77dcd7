"""Which rows of a worklist are shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fracture_core.worklist import Item
from ui.calls import WORDS

REFUSED, FAILED, WAITING = "Refused", "Could not be read", "Still to be read"


@dataclass(frozen=True)
class Chosen:
    """What a person wants to see; empty is all."""

    states: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    search: str = ""


def word_state(item: Item) -> str:
    """Return the call in words, or why there is none."""
    if item.is_refused:
        return REFUSED
    if item.shown_call:
        return WORDS[item.shown_call]
    return FAILED if item.status == "failed" else WAITING


def show_filters(items: Sequence[Item]) -> Chosen:
    """Show the filters; only those that part the list."""
    states = Counter(word_state(item) for item in items)
    regions = Counter(item.region or "not known" for item in items)
    order = [state for state in (*WORDS.values(), REFUSED, FAILED, WAITING) if states[state]]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="fx_list_filters"):
        state = st.pills(
            "Show", order, selection_mode="multi", key="list_states", persist_state="page",
            format_func=lambda state: f"{state} {states[state]:,}",
        )  # fmt: skip
        region = (
            st.multiselect("Body part", sorted(regions), key="list_regions", persist_state="page", width=220)
            if len(regions) > 1
            else []
        )
        search = st.text_input("File name", key="list_search", persist_state="page", width=220, placeholder="Search")
    return Chosen(tuple(state or ()), tuple(region), search.strip())


def filter_items(items: Sequence[Item], chosen: Chosen) -> list[Item]:
    """Return the items that pass."""
    return [
        item
        for item in items
        if (not chosen.states or word_state(item) in chosen.states)
        and (not chosen.regions or (item.region or "not known") in chosen.regions)
        and chosen.search.lower() in item.name.lower()
    ]
