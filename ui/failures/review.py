"""What a person says of radiographs: reviewed, tags, a label that looks wrong, notes; each kept with name and time."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.failures import (
    LONGEST_NOTE,
    LONGEST_TAG,
    add_note,
    add_tag,
    mark_reviewed,
    propose_label,
    remove_tag,
)
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.person import ask_who


def show_review_form(
    dataset: str,
    names: Sequence[str],
    key: str,
    *,
    labels: Sequence[int] = (1, 0),
    tags: Sequence[str] = (),
    known_tags: Sequence[str] = (),
) -> None:
    """Show what can be said of files; once it is said, the whole page is drawn anew.

    Args:
        names: of the files it is said of, all alike.
        key: tells this form from the others of the page.
        labels: those that can be proposed.
        tags: those that the files have, which can be taken off.
        known_tags: those in use in this data set, offered first.
    """
    who = ask_who(key)
    is_mute = not (who and names)
    _offer_marks(dataset, names, key, who, is_mute)
    _offer_labels(dataset, names, key, who, is_mute, labels)
    _offer_tags(dataset, names, key, who, is_mute, tags, known_tags)


def show_note_form(dataset: str, name: str, key: str) -> None:
    """Show the field for a remark on one file."""
    who = ask_who(f"{key}_note")
    with st.form(f"{key}_note_form", clear_on_submit=True, border=False):
        text = st.text_area("Note", key=f"{key}_note_text", max_chars=LONGEST_NOTE, height=90)
        if st.form_submit_button("Add the note", key=f"{key}_note_add", disabled=not who):
            say("writing a note", lambda: add_note(dataset, name, text, who))


def say(doing: str, act: Callable[[], None], done: str = "") -> None:
    """Do what was asked for and draw the page anew; an error stays on the page.

    Args:
        doing: for the log.
        done: shown for a moment.
    """
    with show_errors(doing):
        act()
        if done:
            st.toast(done, icon=":material/check:")
        st.rerun()


def _offer_marks(dataset: str, names: Sequence[str], key: str, who: str, is_mute: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, reviewed in (("Reviewed", True), ("Not reviewed", False)):
            icon = ":material/check:" if reviewed else ":material/undo:"
            if st.button(label, icon=icon, key=f"{key}_reviewed_{reviewed}", disabled=is_mute):
                say("marking as reviewed", partial(mark_reviewed, dataset, names, reviewed, who))


def _offer_labels(dataset: str, names: Sequence[str], key: str, who: str, is_mute: bool, labels: Sequence[int]) -> None:
    st.markdown("**Label looks wrong**")
    with st.container(horizontal=True, gap="small"):
        for label in (*labels, None):
            words = "Take back" if label is None else f"It is {LABELS[label]}"
            if st.button(words, key=f"{key}_label_{label}", disabled=is_mute):
                say("proposing a label", partial(propose_label, dataset, names, label, who))


def _offer_tags(
    dataset: str, names: Sequence[str], key: str, who: str, is_mute: bool, tags: Sequence[str], known: Sequence[str]
) -> None:
    with (
        st.form(f"{key}_tag_form", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        tag = st.text_input(
            "Tag", key=f"{key}_tag", max_chars=LONGEST_TAG, placeholder=", ".join(known[:3]) or "such as cast"
        )
        if st.form_submit_button("Tag", key=f"{key}_tag_add", disabled=is_mute):
            say("tagging", lambda: add_tag(dataset, names, tag, who))
    if tags:
        with st.container(horizontal=True, gap="small"):
            for number, present in enumerate(tags):
                if st.button(
                    escape_markdown(present),
                    icon=":material/close:",
                    key=f"{key}_untag_{number}",
                    disabled=is_mute,
                    help=f"Take the tag {escape_markdown(present)} off",
                ):
                    say("taking a tag off", partial(remove_tag, dataset, names, present, who))
