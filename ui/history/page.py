"""The history: every reading, how people judge them, and the log of what was done."""

import streamlit as st

from fracture_core.base import StoreError, get_settings
from fracture_core.records import remove_old_readings
from ui.history.address import AFTER, BEFORE, READING, TAB, read_filters
from ui.history.agreement import show_agreement
from ui.history.audit_log import show_log
from ui.history.filters import show_filters
from ui.history.reading import show_reading
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


_EVERY_S = 3600.0
_AT_MOST = 5000  # nobody waits for more; the next look goes on


def remove_old() -> None:
    """Remove readings older than the setting ``history_days``."""
    settings = get_settings()
    if settings.history_days:
        _remove(str(settings.state_dir), settings.database_url, settings.history_days)


@st.cache_resource(ttl=_EVERY_S, show_spinner=False)
def _remove(state_dir: str, database_url: str, days: int) -> int:
    try:
        return int(remove_old_readings(at_most=_AT_MOST))
    except StoreError:  # such as one that somebody else writes to: the readings can be looked at all the same
        return 0
