"""What is known of one image: the call and the label, its file, its copies."""

from html import escape
from pathlib import Path

import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.evaluation import Prediction
from fracture_core.failures import name_hardware
from fracture_core.networks import decide_call
from ui.failures.shown import Shown
from ui.reading.card import build_facts
from ui.shared.address import IMAGE, apply_filters, go
from ui.shared.calls import WORDS, build_probability_line
from ui.shared.evaluations import get_call_points
from ui.shared.figures import word_data

_TITLES = {"correct": "Called rightly", "missed fracture": "Missed fracture", "false alarm": "False alarm"}
_PEAKS = {True: "inside a marked fracture", False: "outside the marked fractures", None: ""}


def show_heading(shown: Shown, prediction: Prediction) -> None:
    """Show the kind, the true label, the call, and the probability among the operating points."""
    evaluation, points = shown.evaluation, get_call_points(shown.evaluation)
    call = prediction.call or decide_call(prediction.p_fracture, points)
    called = LABELS[prediction.label if prediction.correct else 1 - prediction.label]
    with st.container(key=f"fx_call_{'alert' if not prediction.correct else 'clear'}_detail", gap="xsmall"):
        st.markdown(_TITLES[prediction.kind])
        st.markdown(
            f"Label **{LABELS[prediction.label]}**, called **{called}** at the balanced operating point "
            f"{evaluation.threshold:.2f}. p = {prediction.p_fracture:.2f}: {WORDS[call]}"
        )
    st.html(build_probability_line(prediction.p_fracture, points, call, balanced=evaluation.threshold))


def show_facts(shown: Shown, prediction: Prediction) -> None:
    """Show the file, what is known of it, and its copies."""
    has_size = prediction.width_px is not None
    changes = shown.table.changes.list_by_file() if shown.table.changes else {}
    rows = {
        "File": prediction.name,
        "Region": prediction.region or "",
        "Views": ", ".join(prediction.views),
        "Metal hardware": name_hardware(prediction) if prediction.hardware is not None else "",
        "Image size": f"{prediction.width_px:,} × {prediction.height_px:,} px" if has_size else "",
        "Heatmap peaks": _PEAKS[prediction.peak_in_box],
        "Group": prediction.group,
        "Data": word_data(shown.evaluation),
    }
    if shown.against:
        rows[f"Against {shown.against.checkpoint.name}"] = changes.get(prediction.name, "right by both")
    st.html(build_facts({escape(name): escape(value) for name, value in rows.items() if value}))
    _show_copies(shown, prediction)


def _show_copies(shown: Shown, prediction: Prediction) -> None:
    """Offer the files of the same radiograph."""
    number = shown.table.radiographs[prediction.radiograph]
    count, wrong = int(shown.table.n_files[number]), int(shown.table.n_wrong[number])
    if count < 2:
        return
    files = [item for item in shown.evaluation.predictions if item.radiograph == prediction.radiograph]
    by_name = {item.name: item for item in sorted(files, key=lambda item: item.p_fracture)}
    st.session_state["fx_copy"] = prediction.name
    st.selectbox(
        f"{count:,} copies of this radiograph, {wrong:,} of them wrong",
        list(by_name),
        key="fx_copy",
        on_change=lambda: go(**{IMAGE: st.session_state["fx_copy"]}),
        format_func=lambda name: f"p = {by_name[name].p_fracture:.2f}, {_word_right(by_name[name])}: {Path(name).name}",
    )
    st.button(
        "All copies as a grid",
        icon=":material/grid_view:",
        type="tertiary",
        key="fx_copies_grid",
        on_click=lambda: apply_filters(type(shown.filters)(show="all", family=prediction.radiograph)),
    )


def _word_right(prediction: Prediction) -> str:
    return "right" if prediction.correct else "wrong"
