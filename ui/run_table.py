"""The list of all runs; selecting one puts it into the address (``?run=ID``)."""

import pandas as pd
import streamlit as st

from fracture_core.jobs import list_runs
from fracture_core.runs import RunState
from ui.errors import show_errors

RUN_PARAM = "run"
_REFRESH_S = 5.0
_TABLE_KEY = "runs"
_LISTED_KEY = "fx_listed_runs"
_COLUMNS = {
    "Validation accuracy": st.column_config.NumberColumn(format="%.3f"),
    "Started": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
}


def show_runs(runs: list[RunState], shown_id: str) -> None:
    """Show the table; while a run goes on, it redraws itself."""
    is_live = any(not run.has_ended for run in runs)
    st.header("All runs", anchor=False)
    st.caption("Select a row to show that run.")
    st.fragment(_show_table, run_every=_REFRESH_S if is_live else None)(shown_id)


def _show_table(shown_id: str) -> None:
    with show_errors("listing the runs"):
        runs = list_runs()
        st.session_state[_LISTED_KEY] = [run.id for run in runs]
        st.dataframe(
            pd.DataFrame([_build_row(run) for run in runs]), hide_index=True, column_config=_COLUMNS,
            key=_TABLE_KEY, on_select=_follow_selection, selection_mode="single-row",
        )  # fmt: skip
        if st.query_params.get(RUN_PARAM, shown_id) != shown_id:
            st.rerun()  # the whole page: another run is to be shown


def _follow_selection() -> None:
    rows = st.session_state[_TABLE_KEY].selection.rows
    if rows:
        st.query_params[RUN_PARAM] = st.session_state[_LISTED_KEY][rows[0]]


def _build_row(run: RunState) -> dict[str, object]:
    return {
        "Run": run.id,
        "Status": run.status,
        "Data": ", ".join(run.request.data),
        "Recipe": run.request.recipe,
        "Epoch": f"{run.epoch} of {run.epochs}" if run.epochs else "",
        "Validation accuracy": run.val_accuracy,
        "Started": pd.to_datetime(run.created_at),
    }
