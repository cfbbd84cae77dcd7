"""Several runs side by side: one chart, the settings that differ, and files to take away."""

from functools import partial

import pandas as pd
import streamlit as st

from fracture_core.training import (
    RunState,
    build_runs_csv,
    find_differences,
    list_settings,
    shorten_data,
    zip_tensorboard,
)
from ui.retrain.curves import build_curves, follow_run
from ui.retrain.run_charts import HOW_TO_ZOOM, show_overlay
from ui.retrain.run_view import USUAL_SMOOTHING
from ui.shared.exports import logged

_MEASURED = {"Validation accuracy": "val_accuracy", "Validation AUROC": "val_auroc", "Training loss": "train_loss"}
_MOST_DRAWN = 10


def show_comparison(runs: list[RunState]) -> None:
    """Overlay a chosen curve of the runs, and set their settings side by side."""
    st.subheader(f"{len(runs)} runs compared", anchor=False)
    labels = {run.id: _label(run, find_differences(runs)) for run in runs}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        title = st.segmented_control(
            "Curve", list(_MEASURED), default="Validation accuracy", required=True, key="overlay_metric"
        )
        smoothing = st.slider("Smoothing", 0.0, 0.98, USUAL_SMOOTHING, 0.02, key="overlay_smoothing", width=240)
    drawn = runs[:_MOST_DRAWN]
    parts = [build_curves(follow_run(run.id).read(), {_MEASURED[title]: labels[run.id]}, smoothing) for run in drawn]
    show_overlay(pd.concat(parts), [labels[run.id] for run in drawn], title.lower(), key=f"overlay_{_MEASURED[title]}")
    more = f" Of the {len(runs)} runs, the newest {_MOST_DRAWN} are drawn." if len(runs) > _MOST_DRAWN else ""
    st.caption(f"{HOW_TO_ZOOM}{more}")
    _show_settings(runs)


def offer_exports(run_ids: list[str]) -> None:
    """Offer runs as CSV and as TensorBoard files; both are made when asked for."""
    which = "the runs compared" if len(run_ids) > 1 else "this run"
    name = run_ids[0] if len(run_ids) == 1 else f"{len(run_ids)}-runs"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            "CSV",
            logged(", ".join(run_ids), partial(build_runs_csv, run_ids), what="measurements"),
            f"{name}.csv",
            "text/csv",
            key="export_csv",
            icon=":material/download:",
            on_click="ignore",
            help=f"settings and every measurement of {which}",
        )
        st.download_button(
            "TensorBoard",
            logged(", ".join(run_ids), partial(zip_tensorboard, run_ids), what="measurements"),
            f"{name}-tensorboard.zip",
            "application/zip",
            key="export_tensorboard",
            icon=":material/download:",
            on_click="ignore",
            help=f"event files of {which}: unpack them, then tensorboard --logdir FOLDER",
        )


def _show_settings(runs: list[RunState]) -> None:
    different = find_differences(runs)
    settings = {shorten_id(run.id): list_settings(run) | {"data": _word_data(run)} for run in runs}
    table = pd.DataFrame(settings).map(lambda value: "" if value is None else str(value))
    st.markdown("**Settings that differ**")
    if different:
        st.dataframe(table.loc[different], key="settings_different")
    else:
        st.caption("None: the same data, recipe and settings.")
    with st.expander("Settings that are the same"):
        st.dataframe(table.drop(index=different).iloc[:, :1].set_axis(["all runs"], axis=1), key="settings_same")


def _label(run: RunState, different: list[str]) -> str:
    """Return a name for the legend, with what sets the run apart, such as ``quick-1a2b (epochs 5, seed 2)``."""
    settings = list_settings(run) | {"data": _word_data(run)}
    told = ", ".join(f"{name.removesuffix('_px').replace('_', ' ')} {settings[name]}" for name in different[:3])
    return f"{shorten_id(run.id)} ({told})" if told else shorten_id(run.id)


def shorten_id(run_id: str) -> str:
    """Return a run's id without its date and time."""
    return run_id.split("-", 2)[-1]


def _word_data(run: RunState) -> str:
    return ", ".join(shorten_data(name) for name in run.request.data)
