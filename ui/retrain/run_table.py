"""All runs; one selected is shown (``?run=ID``), several are compared."""

from datetime import datetime

import pandas as pd
import streamlit as st

from fracture_core.training import RunState, get_utc_now, list_runs, shorten_data
from ui.retrain.run_compare import offer_exports, show_comparison
from ui.shared.durations import word_duration
from ui.shared.errors import show_errors

RUN_PARAM = "run"
_REFRESH_S = 5.0
_CHOSEN_KEY = "fx_chosen_runs"
_COLUMNS = {
    "Accuracy": st.column_config.NumberColumn(format="%.3f", help="on validation, the latest"),
    "AUROC": st.column_config.NumberColumn(format="%.3f", help="on validation, the latest"),
    "Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
}


def show_runs(shown_id: str, shown: RunState | None) -> None:
    """Show the table; it redraws itself, as others may start and stop runs too.

    Args:
        shown_id: the run above it.
        shown: how that stood when the page was drawn; None if there is no such run.
    """
    st.header("All runs", anchor=False)
    st.caption("Select one row to show that run, several to compare them.")
    drawn_for = _list_chosen()
    st.fragment(_show_table, run_every=_REFRESH_S)(shown_id, shown, drawn_for)
    # Out of what redraws itself, or a file asked for could be gone before it is made.
    offer_exports(drawn_for or [shown_id])


def _show_table(shown_id: str, shown: RunState | None, drawn_for: list[str]) -> None:
    with show_errors("listing the runs"):
        runs = list_runs()
        ids = [run.id for run in runs]
        chosen = [run_id for run_id in _list_chosen() if run_id in ids]
        key = f"runs_{len(ids)}_{ids[0]}"  # a table of its own where a run came: rows must not move under a selection
        st.dataframe(
            pd.DataFrame([_build_row(run) for run in runs]),
            hide_index=True,
            column_config=_COLUMNS,
            placeholder="–",
            key=key,
            on_select=lambda: _follow_selection(key, ids),
            selection_mode="multi-row",
            selection_default={"selection": {"rows": [ids.index(run_id) for run_id in chosen]}},
        )
        if _has_moved_on(shown_id, shown, runs) or _list_chosen() != drawn_for:
            st.rerun()  # the whole page: other runs are to be shown, or this one in another way
        compared = [run for run in runs if run.id in chosen]
        if len(compared) > 1:
            show_comparison(compared)


def _list_chosen() -> list[str]:
    return list(st.session_state.get(_CHOSEN_KEY, []))


def _follow_selection(key: str, ids: list[str]) -> None:
    chosen = [ids[row] for row in st.session_state[key].selection.rows]
    st.session_state[_CHOSEN_KEY] = chosen
    if len(chosen) == 1:
        st.query_params[RUN_PARAM] = chosen[0]


def _has_moved_on(shown_id: str, shown: RunState | None, runs: list[RunState]) -> bool:
    if st.query_params.get(RUN_PARAM, shown_id) != shown_id:
        return True
    return shown is not None and any(run.id == shown.id and run.has_ended != shown.has_ended for run in runs)


def _build_row(run: RunState) -> dict[str, object]:
    return {
        "Run": run.id,
        "Status": run.status,
        "Data": ", ".join(shorten_data(name) for name in run.request.data),
        "Recipe": run.request.recipe,
        "Epoch": f"{run.epoch} of {run.epochs}" if run.epochs else "",
        "Accuracy": run.val_accuracy,
        "AUROC": run.val_auroc,
        "Started": run.started_at,
        "Duration": _word_span(run.started_at, run.ended_at or get_utc_now()),
    }


def _word_span(start: datetime | None, end: datetime) -> str:
    return word_duration((end - start).total_seconds()) if start and end > start else ""
