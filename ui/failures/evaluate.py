"""Evaluating the model on another data set: started here, done in the background, seen by every session."""

from pathlib import Path

import streamlit as st

from fracture_core.base import BackgroundTask, TaskState, list_tasks, start_task
from fracture_core.datasets import PHANTOM_DATASET, list_datasets
from fracture_core.evaluation import is_trained_on_phantoms
from fracture_core.networks import Checkpoint
from ui.shared.address import EVALUATION, clear_filters, go
from ui.shared.background_work import follow
from ui.shared.errors import escape_markdown, show_errors

_SIDES = {"test": "test", "val": "validation", "train": "training", "all": "all files"}
_HELP = (
    "As the model's training divided the data set; one that it was not trained on is divided afresh, or can be taken "
    "whole. A side that shares radiographs with what was learned from is refused."
)
_REMEDIES = {"LeakError": "Choose another side, or tick “As published”: every figure then carries that mark."}
_WATCHED_KEY = "fx_evaluations_watched"  # tasks that this session saw at work


def offer_evaluation(checkpoint: Checkpoint) -> None:
    """Show the choice of data set and side, and start the evaluation."""
    with st.popover("Evaluate another data set", icon=":material/play_arrow:"):
        names = list_datasets()
        name = st.selectbox("Data set", names, key="fx_evaluate_data")
        sides = list(_SIDES)
        first = sides.index("all") if name == PHANTOM_DATASET and not is_trained_on_phantoms(checkpoint) else 0
        side = st.selectbox(
            "Side", sides, index=first, format_func=_SIDES.__getitem__, key=f"fx_evaluate_side_{first}", help=_HELP
        )
        published = st.checkbox(
            "As published, whatever leaks",
            key="fx_evaluate_published",
            disabled=side == "all",
            help="The side that the data set was published with. Every figure then carries the mark AS PUBLISHED.",
        )
        st.caption(
            f"By {escape_markdown(checkpoint.name)}. Minutes for thousands of radiographs; it goes on when this page "
            "is closed."
        )
        if st.button("Evaluate", type="primary", key="fx_evaluate"):
            with show_errors("starting an evaluation"):
                start_task(build_task(checkpoint, name, side, published and side != "all"))


def build_task(checkpoint: Checkpoint, data: str, side: str, published: bool) -> BackgroundTask:
    """Return what is to be done in the background."""
    return BackgroundTask(
        kind="evaluation",
        checkpoint=checkpoint.name,
        weights_sha256=checkpoint.manifest.weights_sha256,
        data=data,
        split=side,
        as_published=published,
    )


def show_evaluations_at_work(checkpoint: Checkpoint) -> None:
    """Show what is evaluated with this model right now, by whichever session, and what came of it."""
    watched: set[str] = st.session_state.setdefault(_WATCHED_KEY, set())
    for state in list_tasks("evaluation", checkpoint.manifest.weights_sha256):
        task = state.task
        if follow(task, f"Evaluating {escape_markdown(_word(task))}", _REMEDIES):
            watched.add(task.key)
        elif state.status == "finished" and task.key in watched:
            _tell_ready(state)


def _tell_ready(state: TaskState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.success(f"The evaluation of {escape_markdown(_word(state.task))} is ready.", icon=":material/check:")
        st.button("Show it", type="primary", key=f"fx_show_{state.task.key}", on_click=_show, args=(state.task,))


def _show(task: BackgroundTask) -> None:
    st.session_state[_WATCHED_KEY].discard(task.key)
    clear_filters()
    go(**{EVALUATION: _word(task)})


def _word(task: BackgroundTask) -> str:
    """Return the evaluation's name, as the address spells it."""
    return f"{Path(task.data).name}, {task.split}" + (", as published" if task.as_published else "")
