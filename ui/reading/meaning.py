"""What a call means, where the model was measured, and the choice of the body part that decides it."""

import streamlit as st

from fracture_core.evaluation import CallMeaning, explain_call
from fracture_core.networks import Checkpoint, identify_checkpoint
from fracture_core.radiographs import find_body_part, list_known_body_parts
from fracture_core.reading import ReadFile
from fracture_core.store import Call
from ui.shared.errors import escape_markdown

_OTHER = "another body part"


def choose_body_part(key: str, read: ReadFile, said: str = "") -> None:
    """Let a person say which body part is shown; see ``get_body_part`` for what was said.

    Args:
        key: tells this file from others.
        read: the file, whose header may state one.
        said: by a person before, in another session; may be empty.
    """
    word = _find_stated(read)
    parts = [part for part in (*list_known_body_parts(), _OTHER) if part != word]
    parts += [said] if said and said not in parts and said != word else []
    st.selectbox(
        "Body part",
        ["", *parts],
        index=parts.index(said) + 1 if said in parts else 0,
        key=f"region_{key}",
        width=280,
        persist_state="page",
        format_func=lambda part: part or (f"as the header says: {word}" if word else "not known"),
    )


def get_body_part(key: str, read: ReadFile) -> tuple[str, str]:
    """Return the body part in plain words, and what of it a person said instead of the header; both may be empty."""
    said = str(st.session_state.get(f"region_{key}") or "")
    return said or _find_stated(read), said


def _find_stated(read: ReadFile) -> str:
    return find_body_part(read.radiograph.details.get("body_part", "")).word


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
