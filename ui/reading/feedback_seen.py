"""Whom this session has shown what others said of a reading: a second reader's word is kept as swayed or not."""

import streamlit as st

from fracture_core.records import name_person

_KEY = "fx_feedback_seen"  # (reading, person); an empty person stands for whoever sat there before giving a name


def mark_seen(reading_id: str, who: str) -> None:
    """Keep that others' words are on the screen."""
    st.session_state.setdefault(_KEY, set()).add((reading_id, name_person(who)))


def has_seen(reading_id: str, who: str) -> bool:
    """Return whether others' words were on the screen before, for this person or for nobody known."""
    seen = st.session_state.get(_KEY, set())
    return (reading_id, name_person(who)) in seen or (reading_id, "") in seen
