"""What a report says, back into the radiograph's study in the PACS."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from fracture_core.base import get_settings
from ui.shared.errors import show_errors
from ui.shared.person import ask_who

if TYPE_CHECKING:
    from fracture_core.doors import Report

_SENT = "fx_pacs_sent"


def offer_push(identity: str, file_sha256: str, build: Callable[[], tuple["Report", bytes]]) -> None:
    """Offer to send both objects about a reading; nothing where the settings name no PACS.

    Args:
        identity: changes with what the report says.
        file_sha256: of the radiograph's file, for the audit log.
        build: gives the report, and the file that it is about.
    """
    if not get_settings().pacs_url:
        return
    who = ask_who("push")
    is_sent = st.session_state.get(_SENT) == identity
    label = "Send them once more" if is_sent else "Send SC and SR to the PACS"
    if is_sent:
        st.success("The PACS has the Secondary Capture and the Structured Report.", icon=":material/check:")
    if st.button(label, key="pacs_push", icon=":material/upload:", disabled=not who, help=_word_help(who)):
        with show_errors("sending to the PACS"):
            with st.spinner("Sending to the PACS", show_time=True):
                _send(file_sha256, who, build)
            st.session_state[_SENT] = identity
            st.rerun()


def _send(file_sha256: str, who: str, build: Callable[[], tuple["Report", bytes]]) -> None:
    from fracture_core.doors import make_results, push_objects, tell_push

    report, data = build()
    push_objects(make_results(report, data))
    tell_push(file_sha256, who)


def _word_help(who: str) -> str | None:
    return None if who else "Write your name first: the audit log keeps who sent what."
