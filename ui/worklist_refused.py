"""A picture that should not be read: why, and the way to read it all the same."""

import streamlit as st

from fracture_core.worklist import Item, override_refusal
from ui.durations import word_moment
from ui.errors import escape_markdown, show_errors
from ui.person import get_who, keep_who


def show_refusal(item: Item) -> None:
    """Say why there is no reading, and ask who wants it all the same, and why."""
    st.warning(
        "  \n".join(["**Not read.**", *(escape_markdown(reason) for reason in item.refusals)]), icon=":material/block:"
    )
    with st.form(f"override_{item.number}"):
        who = st.text_input("Your name", value=get_who(), max_chars=120, key="override_who")
        why = st.text_input("Why it should be read all the same", max_chars=1000, key="override_why")
        is_pressed = st.form_submit_button("Read it all the same", key="override")
    st.caption("Both are kept with the reading, and go into its report and the export.")
    if is_pressed:
        with show_errors("overriding a refusal"):
            keep_who(who)
            override_refusal(item.worklist_id, item.number, who, why)
            st.rerun()


def show_override(item: Item) -> None:
    """Say that a refused picture is read because somebody wanted it."""
    if item.override:
        by = f"{item.override.who}, {word_moment(item.override.at)}: {item.override.why}"
        st.warning(
            escape_markdown(f"Refused at first: {' '.join(item.refusals)} Read all the same by {by}"),
            icon=":material/block:",
        )
