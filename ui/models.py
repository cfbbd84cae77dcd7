"""The model in use: chosen by name, kept in the page's address (``?model=NAME``)."""

from html import escape

import streamlit as st

from fracture_core.registry import Checkpoint, list_checkpoints
from ui.evaluations import list_evaluations, list_headline_evaluations
from ui.figures import word_headline, word_short_headline

_PARAM = "model"
_KEY = "fx_model"


def choose_model() -> Checkpoint | None:
    """Return the checkpoint that the address names, or the first; offer a choice where there are several."""
    checkpoints = {checkpoint.name: checkpoint for checkpoint in list_checkpoints()}
    if not checkpoints:
        return None
    asked = st.query_params.get(_PARAM)
    name = asked if asked in checkpoints else next(iter(checkpoints))
    if asked not in (None, name):
        st.toast(f"There is no model called {asked}; {name} is shown instead.", icon=":material/info:")
    if len(checkpoints) > 1:
        # The address decides, also after the browser's back button; the widget follows it.
        st.session_state[_KEY] = name
        st.selectbox(
            "Model in use", list(checkpoints), key=_KEY, on_change=_keep_choice, label_visibility="collapsed", width=440,
            format_func=lambda name: _word_choice(checkpoints[name]),
        )  # fmt: skip
    return checkpoints[name]


def _word_choice(checkpoint: Checkpoint) -> str:
    """Return the name with the figure to choose by: of held-out data, where there is any."""
    evaluations = list(list_headline_evaluations(checkpoint).values())
    return f"{checkpoint.name}: {word_short_headline(evaluations[0]) if evaluations else 'not evaluated yet'}"


def _keep_choice() -> None:
    st.query_params[_PARAM] = st.session_state[_KEY]


def link_params() -> dict[str, str]:
    """Return the query parameters that carry the choice to another page."""
    name = st.query_params.get(_PARAM)
    return {_PARAM: name} if name else {}


def short_hash(sha256: str) -> str:
    """Return the first 8 of a hash's digits, enough to tell two models apart."""
    return sha256[:8]


def show_model_line(checkpoint: Checkpoint | None) -> None:
    """Show the model's name, short hash and headline figure on one line."""
    if checkpoint is None:
        st.html('<span class="fx-model">No model yet</span>', width="content")
        return
    digest = short_hash(checkpoint.manifest.weights_sha256)
    evaluations = list(list_evaluations(checkpoint).values())
    headline = word_headline(evaluations[0]) if evaluations else "not evaluated yet"
    line = f"Model <b>{escape(checkpoint.name)}</b> <code>{digest}</code>, {escape(headline)}"
    st.html(f'<span class="fx-model">{line}</span>', width="content")
