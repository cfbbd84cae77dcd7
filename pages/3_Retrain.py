"""Train the network again, and watch it learn."""

import streamlit as st

from fracture_core.jobs import list_runs, start_training
from fracture_core.runs import RunState
from ui.empty_states import show_empty
from ui.errors import show_errors
from ui.frame import RETRAIN, show_frame
from ui.run_table import RUN_PARAM, show_runs
from ui.run_view import show_run
from ui.training_form import collect_request


def offer_training(runs: list[RunState]) -> None:
    is_busy = any(not run.has_ended for run in runs)
    is_open = not is_busy and RUN_PARAM not in st.query_params  # who came for a run should see it first
    with st.expander("New training", expanded=is_open, icon=":material/tune:"):
        request = collect_request()
        if is_busy:
            st.caption("A training is running; the next can start when it has ended.")
        is_ready = request is not None and not is_busy
        if st.button("Start training", type="primary", icon=":material/play_arrow:", disabled=not is_ready, key="start"):
            with show_errors("starting a training"):
                st.query_params[RUN_PARAM] = start_training(request)
                st.rerun()


def choose_run(runs: list[RunState]) -> str | None:
    """The run that the address names, else the one that goes on, else the newest."""
    asked = st.query_params.get(RUN_PARAM)
    if asked:
        return asked
    going_on = [run.id for run in runs if not run.has_ended]
    return (going_on or [run.id for run in runs] or [None])[0]


with show_errors("the page Retrain"):
    show_frame(RETRAIN)
    known = list_runs()
    offer_training(known)
    chosen = choose_run(known)
    if chosen is None:
        show_empty("No run yet", "Choose data and a recipe, and start; the curves appear here.")
    else:
        with show_errors("showing the run"):
            show_run(chosen)
    if known:
        show_runs(known, chosen)
