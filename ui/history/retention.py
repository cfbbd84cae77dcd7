"""Readings whose time is over go when somebody looks at the history, at most every hour."""

import streamlit as st

from fracture_core.base import StoreError, get_settings
from fracture_core.records import remove_old_readings

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
        return remove_old_readings(at_most=_AT_MOST)
    except StoreError:  # such as one that somebody else writes to: the readings can be looked at all the same
        return 0
