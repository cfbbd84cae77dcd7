"""What a call means, where the model was measured, and the choice of the body part that decides it."""

import streamlit as st

from fracture_core.meaning import CallMeaning, explain_call
from fracture_core.meaning.body_parts import find_body_part, list_known
from fracture_core.operating_points import Call
from fracture_core.registry import Checkpoint
from ui.errors import escape_markdown
from ui.resources import identify_checkpoint

_OTHER = "another body part"


def choose_body_part(key: str, stated: str, said: str = "") -> str:
    """Let a person say which body part is shown; return it in plain words, the header's where nobody said anything.

    Args:
        key: tells this file from others.
        stated: by the file's header; may be empty.
        said: by a person before; may be empty.
    """
    word = find_body_part(stated).word
    header = f"as the header says: {word}" if word else "not known"
    parts = [part for part in list_known() if part != word]
    parts += [said] if said and said not in parts and said != word else []
    options = [header, *parts, _OTHER]
    chosen = st.selectbox(
        "Body part", options, index=options.index(said) if said in options else 0, key=f"region_{key}", width=280,
        persist_state="page",
    )  # fmt: skip
    return word if chosen == header else chosen


def show_meaning(checkpoint: Checkpoint, call: Call, body_part: str) -> None:
    """Show what the call means, and what was measured for the body part."""
    meaning = _explain(identify_checkpoint(checkpoint), call, body_part, checkpoint)
    with st.container(key="fx_meaning", gap="xsmall"):
        st.markdown("**What this call means**")
        st.markdown(_list(meaning.sentences))
        st.markdown("**What was measured for this body part**")
        st.markdown(_list(meaning.limits))


@st.cache_data(max_entries=200, show_spinner="Counting what this call means")
def _explain(identity: str, call: Call, body_part: str, _checkpoint: Checkpoint) -> CallMeaning:
    return explain_call(_checkpoint, call, body_part)


def _list(sentences: tuple[str, ...]) -> str:
    return "\n\n".join(escape_markdown(sentence) for sentence in sentences)
