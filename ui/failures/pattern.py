"""The pattern behind the failures: one part at a time, chosen in the address, computed only when it is looked at."""

from collections.abc import Callable

import streamlit as st

from ui.failures.calls import show_calls
from ui.failures.curves import show_curves
from ui.failures.evaluation_view import show_evaluation
from ui.failures.labels import show_label_errors
from ui.failures.shown import Shown
from ui.failures.slices import show_slices
from ui.shared.address import PATTERN, get, go

_KEY = "fx_pattern"
_PARTS: dict[str, tuple[str, Callable[[Shown], None]]] = {
    "where": ("Where it goes wrong", show_slices),
    "calls": ("Calls and scores", show_calls),
    "curves": ("Curves", show_curves),
    "labels": ("Likely label errors", show_label_errors),
    "figures": ("All figures", lambda shown: show_evaluation(shown.evaluation)),
}


def show_pattern(shown: Shown) -> None:
    """Show the choice of parts, and the one that the address names; none of them at first."""
    asked = get(PATTERN)
    st.session_state[_KEY] = asked if asked in _PARTS else None  # the address decides
    st.segmented_control(
        "The pattern",
        list(_PARTS),
        key=_KEY,
        on_change=_take,
        format_func=lambda name: _PARTS[name][0],
        label_visibility="collapsed",
    )
    if asked in _PARTS:
        with st.container(border=True, key="fx_card_pattern"):
            _PARTS[asked][1](shown)


def _take() -> None:
    go(**{PATTERN: st.session_state[_KEY]})
