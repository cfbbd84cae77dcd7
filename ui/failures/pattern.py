"""The pattern behind the failures: one part at a time, chosen in the address, computed only when it is looked at."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from fracture_core.failures import FailureCurves, measure_curves
from ui.failures.calls import show_calls
from ui.failures.charts import show_clickable
from ui.failures.evaluation_charts import draw_precision_recall, draw_roc
from ui.failures.evaluation_view import show_evaluation
from ui.failures.labels import show_label_errors
from ui.failures.shown import Shown
from ui.failures.slices import show_slices
from ui.shared.address import PATTERN, change_filters, get, go

_KEY = "fx_pattern"
_AROUND = 0.05


def show_curves(shown: Shown) -> None:
    """Show both curves; of one class only there are none."""
    curves = _measure(shown.identity, shown)
    left, right = st.columns(2, gap="medium")
    mark = shown.evaluation.mark
    with left:
        st.markdown("**ROC**")
        show_clickable(draw_roc(curves), "fx_roc", "ROC curve with the operating points", _take_point, mark)
    with right:
        st.markdown("**Precision and recall**")
        show_clickable(
            draw_precision_recall(curves),
            "fx_precision",
            "Precision-recall curve with the operating points",
            _take_point,
            mark,
        )
    st.caption(
        f"Click a point to see the radiographs whose probability lies within {_AROUND:.2f} of it. Precision is the "
        "share of the called that are fractured, and depends on how many of these radiographs are."
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _measure(identity: str, _shown: Shown) -> FailureCurves:
    return measure_curves(_shown.evaluation)


def _take_point(point: dict[str, Any]) -> None:
    threshold = point["customdata"][0]
    if threshold is not None:
        low, high = (min(1.0, max(0.0, round(float(threshold) + half, 2))) for half in (-_AROUND, _AROUND))
        change_filters(p_from=low, p_to=high, show="all", order="distance")


_PARTS: dict[str, tuple[str, Callable[[Shown], None]]] = {
    "where": ("Where it goes wrong", show_slices),
    "calls": ("Calls and scores", show_calls),
    "curves": ("Curves", show_curves),
    "labels": ("Likely label errors", show_label_errors),
    "figures": ("All figures", lambda shown: show_evaluation(shown.evaluation)),
}


def show_pattern(shown: Shown) -> None:
    """Show the choice of parts, and the one that the address names; none of them at first."""
    asked = get(PATTERN)
    st.session_state[_KEY] = asked if asked in _PARTS else None  # the address decides
    st.segmented_control(
        "The pattern",
        list(_PARTS),
        key=_KEY,
        on_change=_take,
        format_func=lambda name: _PARTS[name][0],
        label_visibility="collapsed",
    )
    if asked in _PARTS:
        with st.container(border=True, key="fx_card_pattern"):
            _PARTS[asked][1](shown)


def _take() -> None:
    go(**{PATTERN: st.session_state[_KEY]})
