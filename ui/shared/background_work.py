"""Work that goes on in the background: its bar with the time left, cancelling, what went wrong; the page only reads."""

import streamlit as st

from fracture_core.base import BackgroundTask, FractureError, TaskState, cancel_task, dismiss_task, read_task
from ui.shared.durations import word_duration
from ui.shared.errors import show_errors, show_problem

_REFRESH_S = 1.0


def follow(task: BackgroundTask, title: str, remedies: dict[str, str] | None = None) -> bool:
    """Show how a task stands; return whether it is going on.

    While it goes on this part of the page redraws itself, and the whole page once it has ended.

    Args:
        title: what is done, for a person.
        remedies: by the name of an error, what to do about it on this page, in the place of the error's own.
    """
    state = read_task(task)
    if state is None or state.status == "finished":
        return False
    if state.is_active:
        st.fragment(_follow, run_every=_REFRESH_S)(task, title)
        return True
    if state.status == "cancelled":
        st.info(f"{title} was cancelled.", icon=":material/info:")
    else:
        remedy = (remedies or {}).get(state.error, state.remedy)
        show_problem(FractureError(state.problem, remedy), title)
    st.button("Dismiss", key=f"fx_dismiss_{task.key}", type="tertiary", on_click=_dismiss, args=(task,))
    return False


def describe_progress(state: TaskState) -> str:
    """Return the stage, how much of it is done, and the time left where that was measured."""
    if state.total < 2:
        return state.what
    left = ""
    if state.left_s is not None and state.done < state.total:
        left = f", about {word_duration(state.left_s)} left"
    return f"{state.what}: {state.done:,} of {state.total:,}{left}"


def _follow(task: BackgroundTask, title: str) -> None:
    with show_errors("showing work in the background"):
        state = read_task(task)
        if state is None or not state.is_active:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"fx_work_{task.key}"):
            share = min(1.0, state.done / state.total) if state.total else 0.0
            st.progress(share, text=f"**{title}**. {describe_progress(state)}")
            if st.button("Cancel", icon=":material/stop_circle:", key=f"fx_cancel_{task.key}", type="tertiary"):
                cancel_task(task)
                st.toast("It ends in a moment.")


def _dismiss(task: BackgroundTask) -> None:
    with show_errors("putting a message away"):
        dismiss_task(task)
