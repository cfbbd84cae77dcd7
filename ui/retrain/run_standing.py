"""How a run stands, in words: status, why, what to do, how far it is."""

from typing import Literal

import streamlit as st

from fracture_core.training import Run, RunState, find_place_in_queue, list_states, shorten_data
from ui.shared.durations import word_duration
from ui.shared.errors import escape_markdown

_Colour = Literal["green", "red", "gray", "violet", "orange", "blue"]
_COLOURS: dict[str, _Colour] = {
    "finished": "green",
    "failed": "red",
    "stopped": "gray",
    "queued": "violet",
    "stopping": "orange",
}
_STOPPING = (
    "It finishes the batch it is at, saves where it stands and ends, within some ten seconds. It can be resumed."
)


def is_stopping(state: RunState) -> bool:
    """Tell whether a run was asked to stop and has not yet."""
    return not state.has_ended and (state.stop_requested or state.status == "stopping")


def show_standing(state: RunState) -> None:
    """Show status, what is trained, and how far it is or why it is not."""
    status = "stopping" if is_stopping(state) else state.status
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(f"Run {state.id}", anchor=False, width="content")
        st.badge(status, color=_COLOURS.get(status, "blue"))
    data = ", ".join(shorten_data(name) for name in state.request.data)
    device = f" on {state.device}" if state.device else ""
    st.caption(escape_markdown(f"{data}; recipe {state.request.recipe}; seed {state.request.seed}{device}"))
    _show_reason(state)
    if state.status != "queued" and (state.total_steps or not state.has_ended):
        share = state.step / state.total_steps if state.total_steps else 0.0
        st.progress(min(1.0, share), text=_word_progress(state))


def _show_reason(state: RunState) -> None:
    if is_stopping(state):
        st.info(_STOPPING, icon=":material/pending:")
    elif state.status == "queued":
        st.info(_word_place(state), icon=":material/hourglass_top:")
    elif state.status == "failed":
        st.error(escape_markdown(state.reason or "It ended without a word."), icon=":material/error:")
        st.caption(_word_way_on(state))
    elif state.reason:
        st.info(escape_markdown(state.reason), icon=":material/info:")


def _word_place(state: RunState) -> str:
    place = find_place_in_queue(state.id)
    if place <= 1:
        is_taken = any(other.status != "queued" and other.host == state.host for other in list_states(active=True))
        if not is_taken:
            return "Nothing else is being trained: it begins within seconds."
        return "Next in the queue: it begins by itself when the training that runs now ends."
    before = "one other is" if place == 2 else f"{place - 1} others are"
    return f"Number {place} in the queue: {before} to begin before it. It begins by itself."


def _word_way_on(state: RunState) -> str:
    run = Run(state.id)
    if run.result_path.is_dir():
        return "The trained model is there already: Resume training takes up what was left to do after it."
    if run.resume_path.is_file():
        return "Nothing that was saved is lost: Resume training goes on from the last saved step."
    return "Nothing was saved yet: Try again starts it from the beginning, once the cause is gone."


def _word_progress(state: RunState) -> str:
    if not state.total_steps:
        return "Preparing the data"
    text = f"Epoch {state.epoch} of {state.epochs}, step {state.step:,} of {state.total_steps:,}"
    if state.has_ended:
        return text
    if state.step >= state.total_steps:
        return f"{text}; measuring the result"
    return f"{text}, about {word_duration(state.seconds_left)} left" if state.seconds_left is not None else text
