"""What was called what, and how the probabilities spread; a click on a cell or a bar filters the grid to it."""

from typing import Any

import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.failures import count_confusion, count_scores
from fracture_core.networks import CALLS
from fracture_core.store import Call
from ui.failures.charts import show_clickable
from ui.failures.evaluation_charts import draw_scores
from ui.failures.shown import Shown
from ui.shared.address import change_filters
from ui.shared.calls import WORDS

_WRONG = {(1, "negative"), (0, "positive")}


def show_calls(shown: Shown) -> None:
    """Show the confusion matrix and the histogram of the probabilities."""
    left, right = st.columns([4, 5], gap="medium")
    with left:
        st.markdown("**Label and call**")
        _show_confusion(shown)
        if shown.evaluation.mark:
            st.caption(shown.evaluation.mark)
    with right:
        st.markdown("**Probabilities**, fractured above the line, not fractured below")
        show_clickable(
            draw_scores(shown.evaluation, count_scores(shown.evaluation)),
            "fx_scores",
            "Histogram of the probabilities for both classes",
            _take_bar,
            shown.evaluation.mark,
        )
    st.caption("Click a cell or a bar to see its radiographs below.")


def _show_confusion(shown: Shown) -> None:
    counts = count_confusion(shown.evaluation).calls
    if not any(sum(of_label.values()) for of_label in counts.values()):
        st.caption("This evaluation is from before the three-way call.")
        return
    for label in (1, 0):
        total = sum(counts[label].values())
        st.caption(f"{LABELS[label].capitalize()}, {total:,}")
        with st.grid(len(CALLS), min_column_width=80, gap="xsmall"):
            for call in CALLS:
                _show_cell(shown, label, call, counts[label][call], total)


def _show_cell(shown: Shown, label: int, call: Call, count: int, total: int) -> None:
    kind = "wrong" if (label, call) in _WRONG else "unsure" if call == "uncertain" else "right"
    share = f"{count / total:.0%}" if total else "–"
    is_chosen = shown.filters.labels == (label,) and shown.filters.calls == (call,)
    with st.container(key=f"fx_cell_{kind}_{label}_{call}"):
        st.button(
            f"**{count:,}**  \n{share}, {call}",
            key=f"fx_confusion_{label}_{call}",
            width="stretch",
            wrap=True,
            type="primary" if is_chosen else "secondary",
            on_click=_take_cell,
            args=(label, call, is_chosen),
            help=f"{LABELS[label].capitalize()}, called “{WORDS[call]}”",
        )


def _take_cell(label: int, call: Call, is_chosen: bool) -> None:
    if is_chosen:
        change_filters(labels=(), calls=(), show="wrong")
    else:
        change_filters(labels=(label,), calls=(call,), show="all")


def _take_bar(point: dict[str, Any]) -> None:
    low, high, label, _ = point["customdata"]
    change_filters(p_from=round(low, 2), p_to=round(high, 2), labels=(int(label),), show="all")
