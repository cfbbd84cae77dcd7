"""Charts whose bars and points can be clicked."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ui.shared.charts import CONFIG

_CLICKS_KEY = "fx_chart_clicks"


def show_clickable(
    figure: go.Figure, key: str, alt: str, on_click: Callable[[dict[str, Any]], None], mark: str = ""
) -> None:
    """Show a figure; a click gives its point to ``on_click`` before the page is drawn.

    The chart is mounted anew after a click, so that it keeps no selection of its own: what is chosen
    is the address's, and shown by its colours.

    Args:
        key: of the chart.
        alt: what it shows, for a screen reader.
        on_click: takes Plotly's point, with "x", "y" and "customdata".
        mark: of a leaky side.
    """
    clicks: dict[str, int] = st.session_state.setdefault(_CLICKS_KEY, {})
    mounted = f"{key}_{clicks.get(key, 0)}"

    def follow() -> None:
        points = st.session_state[mounted].selection.points
        if points:
            clicks[key] = clicks.get(key, 0) + 1
            on_click(points[0])

    st.plotly_chart(figure, key=mounted, config=CONFIG, alt=alt, on_select=follow, selection_mode="points")
    if mark:
        st.caption(mark)
