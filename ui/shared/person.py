"""Who is at the screen: asked once, kept for the session."""

import streamlit as st

from fracture_core.failures import LONGEST_WHO
from ui.shared.errors import escape_markdown

_KEY = "fx_who"
_FIELD_KEY = "fx_who_field"


def get_who() -> str:
    """Return the name given in this session, or an empty text."""
    return str(st.session_state.get(_KEY, ""))


def keep_who(who: str) -> None:
    """Keep a name for this session."""
    if who.strip():
        st.session_state[_KEY] = who.strip()


def ask_who(key: str) -> str:
    """Show the name with a way to change it, or ask for it; return it, empty while there is none.

    Args:
        key: tells this field from the others of the page.
    """
    who = get_who()
    if not who:
        field = f"{_FIELD_KEY}_{key}"
        st.text_input(
            "Your name, kept with what you say",
            key=field,
            max_chars=LONGEST_WHO,
            placeholder="once a session",
            on_change=lambda: keep_who(st.session_state[field]),
        )
        return ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"As {escape_markdown(who)}", width="content")
        st.button("Change", type="tertiary", key=f"{_FIELD_KEY}_change_{key}", on_click=_forget)
    return who


def _forget() -> None:
    st.session_state.pop(_KEY, None)
