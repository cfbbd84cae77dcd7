"""A reading of the page Diagnose on its way into the history: once, however often the page runs."""

from uuid import uuid4

import streamlit as st

from fracture_core.reading import Keeping, ReadingRecord, build_request_key
from ui.shared.errors import escape_markdown
from ui.shared.frame import HISTORY, show_link

_SESSION = "fx_session"


def name_request(key: str, frame: int, correction: str, identity: str) -> str:
    """Return what is the same for every run of the page that shows one reading of this session."""
    session = st.session_state.setdefault(_SESSION, uuid4().hex)
    return build_request_key("page", session, key, str(frame), correction, identity)


def show_record(keeping: Keeping) -> ReadingRecord | None:
    """Keep a reading and link to it, or say why it is not kept; return it as it stands."""
    if not keeping.is_wanted:
        return None
    record = keeping.find_record()
    if keeping.problem:
        st.warning(
            f"**This reading is not kept in the history.** {escape_markdown(str(keeping.problem))}",
            icon=":material/cloud_off:",
        )
        st.button("Keep it now", key="fx_keep_again", on_click=lambda: keeping.keep(again=True))
    elif record:
        show_link(HISTORY, "This reading in the history", query_params={"reading": record.id})
    else:
        st.caption("This reading has been deleted from the history.")
    return record
