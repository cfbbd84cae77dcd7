"""One training run as it stands: progress, live curves, log; it only reads the run's files."""

import streamlit as st

from fracture_core.jobs import read_log_tail, read_metrics, read_run, resume_training, stop_training
from fracture_core.runs import RunState
from ui.curves import draw_loss, draw_validation, last_value
from ui.charts import show_chart
from ui.durations import word_duration
from ui.errors import escape_markdown, show_errors
from ui.frame import DIAGNOSE, FAILURES, show_link

REFRESH_S = 1.5
_COLOURS = {"finished": "green", "failed": "red", "stopped": "gray"}


def show_run(run_id: str) -> None:
    """Show a run; while it goes on, this part of the page redraws itself."""
    refresh = None if read_run(run_id).has_ended else REFRESH_S
    st.fragment(_show_run, run_every=refresh)(run_id, is_live=refresh is not None)


def _show_run(run_id: str, is_live: bool) -> None:
    with show_errors(f"showing run {run_id}"), st.container(border=True, key="fx_card_run"):
        state = read_run(run_id)
        if is_live and state.has_ended:
            st.rerun()  # the whole page: its list of runs changes, and this part need not redraw itself any more
        _show_standing(state)
        _show_controls(state)
        _show_curves(state)
        with st.expander("Log"):
            st.code(read_log_tail(run_id) or "Nothing printed yet.", language=None, wrap_lines=True)


def _show_standing(state: RunState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(f"Run {state.id}", anchor=False, width="content")
        st.badge(state.status, color=_COLOURS.get(state.status, "blue"))
    data = ", ".join(state.request.data)
    device = f" on {state.device}" if state.device else ""
    st.caption(escape_markdown(f"{data}; recipe {state.request.recipe}; seed {state.request.seed}{device}"))
    if state.reason:
        show = st.error if state.status == "failed" else st.info
        show(escape_markdown(state.reason), icon=":material/info:")
    if state.total_steps or not state.has_ended:
        share = state.step / state.total_steps if state.total_steps else 0.0
        st.progress(min(1.0, share), text=_word_progress(state))


def _word_progress(state: RunState) -> str:
    if not state.total_steps:
        return "Preparing the data"
    text = f"Epoch {state.epoch} of {state.epochs}, step {state.step:,} of {state.total_steps:,}"
    if state.has_ended:
        return text
    if state.step >= state.total_steps:
        return f"{text}; measuring the result"
    return f"{text}, about {word_duration(state.seconds_left)} left" if state.seconds_left is not None else text


def _show_controls(state: RunState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not state.has_ended:
            is_stopping = state.status == "stopping"
            if st.button("Stop training", icon=":material/stop_circle:", key="stop", disabled=is_stopping):
                stop_training(state.id)
                st.toast("The training stops after its current batch.")
        elif state.status in ("stopped", "failed"):
            label = "Resume training" if state.step else "Try again"
            if st.button(label, icon=":material/resume:", key="resume"):
                resume_training(state.id)
                st.rerun()
        elif state.status == "finished":
            show_link(DIAGNOSE, "Read radiographs with this model", query_params={"model": state.id})
            show_link(FAILURES, "See what it gets wrong", query_params={"model": state.id})


def _show_curves(state: RunState) -> None:
    metrics = read_metrics(state.id)
    if metrics.empty:
        if not state.has_ended:
            st.caption("The curves begin with the first measured steps.")
        return
    _show_last_values(metrics)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Validation**")
        show_chart(draw_validation(metrics), "validation", "Validation accuracy and AUROC against steps")
    with right:
        st.markdown("**Training loss**")
        smoothing = st.session_state.get("smoothing", 0.8)
        show_chart(draw_loss(metrics, smoothing), "loss", "Training loss against steps, raw and smoothed")
        st.slider("Smoothing", 0.0, 0.98, 0.8, 0.02, key="smoothing")


def _show_last_values(metrics: "pd.DataFrame") -> None:  # noqa: F821
    shown = {
        "Validation accuracy": ("val_accuracy", "{:.3f}"),
        "Validation AUROC": ("val_auroc", "{:.3f}"),
        "Training loss": ("train_loss", "{:.3f}"),
        "Images per second": ("images_per_s", "{:.0f}"),
    }
    tiles = ""
    for title, (name, form) in shown.items():
        value = last_value(metrics, name)
        text = "–" if value is None else form.format(value)
        tiles += (
            f'<div class="fx-figure"><div class="fx-figure-name">{title}</div>'
            f'<div class="fx-figure-value">{text}</div></div>'
        )
    st.html(f'<div class="fx-figures">{tiles}</div>')
