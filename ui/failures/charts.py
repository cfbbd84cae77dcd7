"""Charts of the pattern behind the failures; a click on what they show filters the grid."""

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from fracture_core.evaluation import Metric
from fracture_core.failures import Slice
from ui.shared.charts import CONFIG, NEUTRAL, build_error_bars, choose_palette, fade, finish

_ROW_PX = 30


def draw_slices(slices: Sequence[Slice], overall: Metric, chosen: Sequence[str]) -> go.Figure:
    """Return the error rate of each part with its interval, as bars; the dotted line is the rate over all.

    Args:
        chosen: parts that the grid is filtered to; the others are faded.
    """
    shown = [part for part in slices if part.error.value is not None]
    warm = choose_palette().warm
    figure = go.Figure()
    figure.add_bar(
        x=[part.error.value for part in shown],
        y=[f"{part.name} ({part.error.n:,})" for part in shown],
        orientation="h",
        marker_color=[warm if not chosen or part.name in chosen else fade(warm, 0.35) for part in shown],
        customdata=[[part.name, part.error.low, part.error.high, part.n_wrong, part.n_groups] for part in shown],
        error_x=build_error_bars([part.error for part in shown], 1.6, width=4, color=NEUTRAL),
        hovertemplate="%{customdata[0]}: %{x:.0%} wrong, %{customdata[1]:.0%} to %{customdata[2]:.0%}<br>"
        "%{customdata[3]:,} wrong, %{customdata[4]:,} independent groups<extra></extra>",
    )
    if overall.value is not None:
        figure.add_vline(overall.value, line_color=NEUTRAL, line_width=1.5, line_dash="dot")
    highest = max([part.error.high for part in shown if part.error.high is not None], default=1.0)
    figure.update_xaxes(range=[0, min(1.0, 1.05 * highest)], tickformat=".0%", nticks=5)
    figure.update_yaxes(autorange="reversed")
    return finish(figure, height_px=60 + _ROW_PX * max(1, len(shown))).update_layout(showlegend=False, bargap=0.35)


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
