"""Which radiographs of a gallery are ticked: kept for the session, over pages and filters of one evaluation."""

from collections.abc import Iterable

import streamlit as st

from fracture_core.failures import FailureEntry
from ui.failures.shown import Shown
from ui.shared.evaluations import name_evaluation

_KEY = "fx_chosen"


def list_chosen(shown: Shown) -> set[str]:
    """Return the names of the files whose tiles are ticked."""
    chosen: dict[str, set[str]] = st.session_state.setdefault(_KEY, {})
    return chosen.setdefault(_name(shown), set())


def list_chosen_entries(shown: Shown) -> list[FailureEntry]:
    """Return the radiographs that are ticked and still among those shown, in their order."""
    places = (shown.entries.find(name) for name in list_chosen(shown))
    return [shown.entries[place] for place in sorted({place for place in places if place is not None})]


def choose_on_page(shown: Shown, on_page: Iterable[str], ticked: Iterable[str]) -> None:
    """Take over which tiles of a page are ticked; other pages stay as they are."""
    chosen = list_chosen(shown)
    chosen.difference_update(on_page)
    chosen.update(ticked)


def clear_chosen(shown: Shown) -> None:
    """Untick all."""
    list_chosen(shown).clear()


def _name(shown: Shown) -> str:
    return f"{shown.checkpoint.name}|{name_evaluation(shown.evaluation)}"
