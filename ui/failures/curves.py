"""ROC and precision-recall with the operating points; a click on a point shows the radiographs around it."""

from typing import Any

import streamlit as st

from fracture_core.failures import FailureCurves, measure_curves
from ui.failures.clicks import show_clickable
from ui.failures.evaluation_charts import draw_precision_recall, draw_roc
from ui.failures.shown import Shown
from ui.shared.address import change_filters

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
