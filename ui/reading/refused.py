"""A picture that should not be read: why, what may put it right, and the way to read it all the same.

Apart: a file of a worklist and one in the history are refused alike.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from ui.shared.errors import escape_markdown, show_errors
from ui.shared.person import get_who, keep_who


def show_refusal(key: str, reasons: Sequence[str], override: Callable[[str, str], object]) -> None:
    """Say why there is no reading, and ask who wants it all the same, and why.

    Args:
        key: tells this file from the others of the page.
        reasons: what the gate found.
        override: takes name and reason, and keeps them; raises a ``FractureError`` where one is missing.
    """
    st.warning(
        "  \n".join(["**No reading is shown.**", *(escape_markdown(reason) for reason in reasons)]),
        icon=":material/block:",
    )
    with st.form(f"override_{key}"):
        who = st.text_input("Your name", value=get_who(), max_chars=120, key="override_who")
        why = st.text_input("Why it should be read all the same", max_chars=1000, key="override_why")
        is_pressed = st.form_submit_button("Read it all the same", key="override")
    st.caption("Both are kept with the reading, and go into its report and the export.")
    if is_pressed:
        with show_errors("overriding a refusal"):
            keep_who(who)
            override(who, why)
            st.rerun()
