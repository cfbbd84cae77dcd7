"""Plotly figures in colours that hold on the light and on the dark theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from fracture_core.evaluation import Metric

CONFIG = {"displayModeBar": False, "scrollZoom": False}
# Lines that belong to neither class; text and grid are coloured by Streamlit, also when the reader switches the theme.
NEUTRAL = "#7d8f98"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; each is legible on the other too, until the page is drawn anew."""

    warm: str
    cool: str


_LIGHT = Palette(warm="#b3561b", cool="#1f7f92")
_DARK = Palette(warm="#f0a06c", cool="#63b7c6")


def choose_palette() -> Palette:
    """Return the colours for the theme that the browser shows."""
    return _DARK if st.context.theme.type == "dark" else _LIGHT


def show_chart(figure: go.Figure, key: str, alt: str, mark: str = "") -> None:
    """Show a figure without its toolbar; the mark of a leaky side stands below it."""
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
    if mark:
        st.caption(mark)


def fade(colour: str, opacity: float) -> str:
    """Return a colour such as ``#1f7f92`` made transparent."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def build_error_bars(figures: Sequence[Metric], thickness: float, width: int = 0, **style: str) -> dict[str, Any]:
    """Return Plotly's error bars from each figure to the ends of its interval; none where one is not defined.

    Args:
        thickness: of the line, in px.
        width: of the strokes at its ends, in px.
        style: further words of Plotly's, such as ``color``.
    """
    return {
        "type": "data",
        "symmetric": False,
        "thickness": thickness,
        "width": width,
        "array": [_subtract(figure.high, figure.value) for figure in figures],
        "arrayminus": [_subtract(figure.value, figure.low) for figure in figures],
        **style,
    }


def _subtract(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else high - low


def finish(figure: go.Figure, height_px: int = 320) -> go.Figure:
    """Return the figure with what all charts share."""
    figure.update_layout(
        height=height_px,
        margin={"l": 8, "r": 8, "t": 22, "b": 8},
        legend={"orientation": "h", "y": -0.24, "yanchor": "top", "x": 0, "bgcolor": "rgba(0,0,0,0)"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,  # a finger that scrolls the page over a chart must not zoom it
        hoverlabel={"font": {"size": 13}},
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure
