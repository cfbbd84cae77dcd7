"""One training run as it stands: progress, live curves, log; it only reads."""

import numpy as np
import pandas as pd
import streamlit as st

from fracture_core.training import Run, RunState, read_log_tail, read_run, resume_training, stop_training
from ui.retrain.curves import follow_run, last_value
from ui.retrain.run_champion import find_champion
from ui.retrain.run_charts import HOW_TO_ZOOM, show_loss, show_validation
from ui.retrain.run_standing import is_stopping, show_standing
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import DIAGNOSE, FAILURES, show_link

REFRESH_S = 1.5
SMOOTHING_KEY = "smoothing"
USUAL_SMOOTHING = 0.6


def show_run(run_id: str) -> None:
    """Show a run; while it goes on, this part of the page redraws itself."""
    refresh = None if read_run(run_id).has_ended else REFRESH_S
    st.fragment(_show_run, run_every=refresh)(run_id, is_live=refresh is not None)


def _show_run(run_id: str, is_live: bool) -> None:
    with show_errors(f"showing run {run_id}"), st.container(border=True, key="fx_run"):
        state = read_run(run_id)
        if is_live and state.has_ended:
            st.rerun()  # the whole page: its list of runs changes, and this part need not redraw itself any more
        show_standing(state)
        _show_controls(state)
        _show_measured(state)
        with st.expander("Log"):
            st.code(read_log_tail(run_id) or "Nothing printed yet.", language=None, wrap_lines=True)


def _show_controls(state: RunState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not state.has_ended:
            _offer_stop(state)
        elif state.status in ("stopped", "failed"):
            run = Run(state.id)
            label = "Resume training" if run.resume_path.is_file() or run.result_path.is_dir() else "Try again"
            if st.button(label, icon=":material/resume:", key="resume"):
                resume_training(state.id)
                st.rerun()
        elif state.status == "finished":
            show_link(DIAGNOSE, "Read radiographs with this model", query_params={"model": state.id})
            show_link(FAILURES, "See what it gets wrong", query_params={"model": state.id})


def _offer_stop(state: RunState) -> None:
    is_waiting = state.status == "queued"
    label, icon = (
        ("Leave the queue", ":material/logout:") if is_waiting else ("Stop training", ":material/stop_circle:")
    )
    if st.button(label, icon=icon, key="stop", disabled=is_stopping(state)):
        stop_training(state.id)
        st.toast("It leaves the queue." if is_waiting else "The training stops after its current batch.")
        st.rerun()


def _show_measured(state: RunState) -> None:
    metrics = follow_run(state.id).read()
    if metrics.empty:
        if not state.has_ended and state.status != "queued":
            st.caption("The curves begin with the first measured steps.")
        return
    show_tiles(metrics)
    smoothing = st.session_state.get(SMOOTHING_KEY, USUAL_SMOOTHING)
    champion = find_champion(state.request)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Validation**")
        show_validation(metrics, smoothing, champion, key=f"validation_{state.id}")
        if champion:
            st.caption(escape_markdown(champion.text))
    with right:
        st.markdown("**Training loss**")
        show_loss(metrics, smoothing, key=f"loss_{state.id}")
    st.slider("Smoothing", 0.0, 0.98, USUAL_SMOOTHING, 0.02, key=SMOOTHING_KEY, width=320)
    st.caption(f"Raw values are faint, smoothed ones bold. {HOW_TO_ZOOM}")


_DRAWN_POINTS = 80
_TILES = {
    "Validation accuracy": ("val_accuracy", "{:.3f}"),
    "Validation AUROC": ("val_auroc", "{:.3f}"),
    "Training loss": ("train_loss", "{:.3f}"),
    "Learning rate": ("learning_rate", "{:.2g}"),
    "Images per second": ("images_per_s", "{:.1f}"),
    "Memory": ("memory_gb", "{:.1f} GB"),
}


def show_tiles(metrics: pd.DataFrame) -> None:
    """Show each figure that was measured."""
    with st.grid(6, min_column_width=150, gap="small"):
        for title, (name, form) in _TILES.items():
            value = last_value(metrics, name)
            if value is None:
                st.metric(title, "–", border=True, height="stretch")
                continue
            course = metrics.loc[metrics["name"] == name, "value"].to_numpy()
            stretches = np.array_split(course, min(len(course), _DRAWN_POINTS))
            drawn = [float(stretch.mean()) for stretch in stretches] if len(course) > 1 else None
            st.metric(title, form.format(value), border=True, height="stretch", chart_data=drawn)
