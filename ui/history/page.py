"""The history: every reading, how people judge them, and the log of what was done."""

import streamlit as st

from ui.history.address import AFTER, BEFORE, READING, TAB, read_filters
from ui.history.agreement import show_agreement
from ui.history.audit_log import show_log
from ui.history.filters import show_filters
from ui.history.reading import show_reading
from ui.history.retention import remove_old
from ui.history.rows import show_list
from ui.shared.address import get, go
from ui.shared.errors import show_errors
from ui.shared.frame import HISTORY, show_frame

TABS = {"readings": "Readings", "agreement": "Agreement", "log": "Audit log"}


def choose_tab() -> str:
    st.session_state["fx_history_tab"] = get(TAB) if get(TAB) in TABS else "readings"
    st.segmented_control(
        "Show",
        TABS,
        key="fx_history_tab",
        format_func=TABS.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: go(**{TAB: st.session_state["fx_history_tab"], BEFORE: None, AFTER: None}),
    )
    tab: str = st.session_state["fx_history_tab"]
    return tab


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page History"):
        chosen = show_frame(HISTORY)
        remove_old()
        if get(READING):
            show_reading(get(READING), read_filters())
        else:
            tab = choose_tab()
            if tab == "agreement":
                show_agreement(chosen)
            elif tab == "log":
                show_log()
            else:
                filters = read_filters()
                show_filters(filters)
                show_list(filters)
