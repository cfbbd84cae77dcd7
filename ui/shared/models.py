"""The model in use: the one promoted, or chosen by name in the page's address (``?model=NAME``)."""

from html import escape

import streamlit as st

from fracture_core.base import CheckpointError
from fracture_core.networks import (
    Checkpoint,
    ServedModel,
    ServingRecord,
    find_last_serving_change,
    find_promoted_checkpoint,
    find_served_name,
    list_checkpoints,
)
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown, show_problem
from ui.shared.evaluations import list_evaluations, list_headline_evaluations
from ui.shared.figures import word_headline, word_short_headline

_PARAM = "model"
_KEY = "fx_model"
_SERVED_KEY = "fx_served"  # the model in use when this session last looked


def choose_model() -> Checkpoint | None:
    """Return the checkpoint that the address names, or the one in use; offer a choice where there are several.

    None where there is none, or where the one in use cannot be used and no other was chosen.
    """
    checkpoints = {checkpoint.name: checkpoint for checkpoint in list_checkpoints()}
    asked = st.query_params.get(_PARAM)
    name = asked if asked in checkpoints else _find_in_use(checkpoints)
    if asked not in (None, name) and name:
        st.toast(f"There is no model called {asked}; {name} is shown instead.", icon=":material/info:")
    if len(checkpoints) > 1 or (checkpoints and name is None):
        # The address decides, also after the browser's back button; the widget follows it.
        st.session_state[_KEY] = name
        served = find_served_name()
        st.selectbox(
            "Model in use",
            list(checkpoints),
            index=0 if name else None,
            key=_KEY,
            on_change=_keep_choice,
            width=440,
            label_visibility="collapsed",
            placeholder="Choose a model",
            format_func=lambda name: _word_choice(checkpoints[name], served),
        )
    return checkpoints[name] if name else None


def _find_in_use(checkpoints: dict[str, Checkpoint]) -> str | None:
    """Return the name of the model in use; what was promoted is not silently replaced by another one."""
    change = find_last_serving_change()
    if change is None:  # nothing was ever chosen: the settings' one, else the first
        return next(iter(checkpoints), None)
    try:
        return find_promoted_checkpoint(change.model).name
    except CheckpointError as error:
        show_problem(error)
        return None


def show_model_change() -> None:
    """Say once to an open session that another model has come into use since its last look."""
    change = find_last_serving_change()
    present = change.model if change else ServedModel("", "")
    before = st.session_state.get(_SERVED_KEY, present)
    st.session_state[_SERVED_KEY] = present
    if change is None or before == present or _PARAM in st.query_params:
        return
    icon = ":material/published_with_changes:"
    st.toast(escape_markdown(f"Model in use is now {change.checkpoint}"), icon=icon)
    st.info(escape_markdown(word_change(change)), icon=icon)


def word_change(change: ServingRecord) -> str:
    """Return which model is in use since when, by whom, instead of which."""
    how = "promoted" if change.action == "promote" else "taken back into use"
    when = word_moment(change.at)
    return f"Model in use is now {change.checkpoint}, {how} by {change.who} on {when} instead of {change.previous}."


def _word_choice(checkpoint: Checkpoint, served: str) -> str:
    """Return the name with the figure to choose by: of held-out data, where there is any."""
    evaluations = list(list_headline_evaluations(checkpoint).values())
    name = f"{checkpoint.name} (in use)" if checkpoint.name == served else checkpoint.name
    return f"{name}: {word_short_headline(evaluations[0]) if evaluations else 'not evaluated yet'}"


def _keep_choice() -> None:
    if st.session_state[_KEY]:
        st.query_params[_PARAM] = st.session_state[_KEY]
    else:  # the choice was taken away
        st.query_params.pop(_PARAM, None)


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
