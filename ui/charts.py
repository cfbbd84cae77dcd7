"""Plotly figures in colours that hold on the light and on the dark theme."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fracture_core.data.items import LABELS
from fracture_core.evaluation.evaluate import Evaluation

CONFIG = {"displayModeBar": False, "scrollZoom": False}
_BINS = 25


@dataclass(frozen=True)
class Palette:
    """Colours of one theme."""

    fractured: str
    intact: str
    first: str
    second: str
    ink: str
    grid: str


_LIGHT = Palette("#b3561b", "#2f7d8c", "#0f6b7c", "#b3561b", "#16262e", "#dde6ea")
_DARK = Palette("#f0a06c", "#63b7c6", "#74c3d2", "#f0a06c", "#e3ecef", "#26343b")


def choose_palette() -> Palette:
    """Return the colours for the theme that the browser shows."""
    return _DARK if st.context.theme.type == "dark" else _LIGHT


def show_chart(figure: go.Figure, key: str, alt: str) -> None:
    """Show a figure without its toolbar."""
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)


def draw_scores(evaluation: Evaluation) -> go.Figure:
    """Return how the probabilities spread, fractured above the axis, not fractured below."""
    palette = choose_palette()
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure()
    for label, colour, sign in ((1, palette.fractured, 1), (0, palette.intact, -1)):
        values = [prediction.p_fracture for prediction in evaluation.predictions if prediction.label == label]
        counts, _ = np.histogram(values, edges)
        figure.add_bar(
            x=centres, y=sign * counts, customdata=counts, name=LABELS[label], marker_color=colour,
            hovertemplate="p about %{x:.2f}: %{customdata} radiographs<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_vline(
        evaluation.threshold, line_color=palette.ink, line_width=1.5, line_dash="dot",
        annotation_text=f"operating point {evaluation.threshold:.2f}", annotation_position="top",
    )  # fmt: skip
    figure.update_layout(barmode="relative", bargap=0.08)
    figure.update_xaxes(title="probability of fracture", range=[0, 1])
    figure.update_yaxes(title="radiographs", tickformat="~s", showticklabels=False, zeroline=True, zerolinecolor=palette.ink)
    return finish(figure, palette)


def draw_roc(evaluation: Evaluation) -> go.Figure:
    """Return the ROC curve with the operating point on it."""
    palette = choose_palette()
    false_alarms, sensitivity = _trace_roc(evaluation)
    called = np.array([prediction.p_fracture >= evaluation.threshold for prediction in evaluation.predictions])
    truth = np.array([prediction.label == 1 for prediction in evaluation.predictions])
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": palette.grid, "width": 1.5}, hoverinfo="skip", showlegend=False)
    figure.add_scatter(
        x=false_alarms, y=sensitivity, mode="lines", name="every operating point",
        line={"color": palette.first, "width": 2.5, "shape": "hv"},
        hovertemplate="sensitivity %{y:.2f}, specificity %{customdata:.2f}<extra></extra>", customdata=1 - false_alarms,
    )  # fmt: skip
    if truth.any() and not truth.all():
        figure.add_scatter(
            x=[called[~truth].mean()], y=[called[truth].mean()], mode="markers", name="the one in use",
            marker={"color": palette.second, "size": 12, "line": {"width": 0}},
            hovertemplate="sensitivity %{y:.2f}<extra>operating point</extra>",
        )  # fmt: skip
    figure.update_xaxes(title="1 − specificity", range=[-0.01, 1.01])
    figure.update_yaxes(title="sensitivity", range=[-0.01, 1.03])
    return finish(figure, palette)


def _trace_roc(evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    ranked = sorted(evaluation.predictions, key=lambda prediction: -prediction.p_fracture)
    truth = np.array([prediction.label == 1 for prediction in ranked])
    hits, alarms = np.cumsum(truth), np.cumsum(~truth)
    start = np.zeros(1)
    return (
        np.concatenate([start, alarms / max(1, alarms[-1])]),
        np.concatenate([start, hits / max(1, hits[-1])]),
    )


def finish(figure: go.Figure, palette: Palette, height_px: int = 320) -> go.Figure:
    figure.update_layout(
        height=height_px,
        margin={"l": 8, "r": 8, "t": 22, "b": 8},
        legend={"orientation": "h", "y": -0.24, "yanchor": "top", "x": 0, "bgcolor": "rgba(0,0,0,0)"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.ink},
        dragmode=False,  # a finger that scrolls the page over a chart must not zoom it
        hoverlabel={"font": {"size": 13}},
    )
    figure.update_xaxes(gridcolor=palette.grid, automargin=True)
    figure.update_yaxes(gridcolor=palette.grid, automargin=True)
    return figure
