"""Train the network again, and watch it learn."""

import streamlit as st

from fracture_core.training import RunState, TrainingRequest, find_missing, list_runs, start_training
from ui.retrain.check import check_data
from ui.retrain.estimate import show_estimate
from ui.retrain.form import collect_request
from ui.retrain.gate_view import show_gate
from ui.retrain.run_table import RUN_PARAM, show_runs
from ui.retrain.run_view import show_run
from ui.shared.empty_states import show_empty
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import RETRAIN, show_frame


def offer_training(runs: list[RunState]) -> None:
    is_busy = any(not run.has_ended for run in runs)
    is_open = not is_busy and RUN_PARAM not in st.query_params  # who came for a run should see it first
    with st.expander("New training", expanded=is_open, icon=":material/tune:"):
        request = collect_request()
        missing = find_missing(request) if request else []
        if request:
            check = check_data(request)
            show_estimate(request, check.preview if check else None)
        for text in missing:
            st.info(escape_markdown(text), icon=":material/info:")
        offer_start(request, is_ready=request is not None and not missing, is_busy=is_busy)


def offer_start(request: TrainingRequest | None, *, is_ready: bool, is_busy: bool) -> None:
    if is_busy:
        st.caption("A training is running or waits; one more goes into the queue and begins by itself.")
    label = "Put into the queue" if is_busy else "Start training"
    if st.button(label, type="primary", icon=":material/play_arrow:", disabled=not is_ready, key="start") and request:
        with show_errors("starting a training"):
            st.query_params[RUN_PARAM] = start_training(request)
            st.rerun()


def choose_run(runs: list[RunState]) -> str | None:
    """Return the run that the address names, else the one that has gone on longest, else the newest."""
    asked = st.query_params.get(RUN_PARAM)
    if asked:
        return asked
    going_on = [run.id for run in runs if not run.has_ended]
    return next(iter(going_on[-1:] or [run.id for run in runs]), None)


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page Retrain"):
        show_frame(RETRAIN)
        known = list_runs()
        with show_errors("the new training"):
            offer_training(known)
        chosen = choose_run(known)
        shown = next((run for run in known if run.id == chosen), None)
        if chosen is None:
            show_empty("No run yet", "Choose data and a recipe, and start; the curves appear here.")
        else:
            with show_errors("showing the run"):
                show_run(chosen)
        with show_errors("comparing the run with the model in use"):
            show_gate(shown)
        if known and chosen:
            show_runs(chosen, shown)
