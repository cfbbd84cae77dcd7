"""Charts of an evaluation: how the probabilities spread, and the ROC curve with its operating points."""

import numpy as np
import plotly.graph_objects as go

from fracture_core.data.items import LABELS
from fracture_core.evaluation.records import Evaluation
from fracture_core.evaluation.roc import RocCurve, trace_roc
from ui.charts import NEUTRAL, choose_palette, fade, finish
from ui.evaluations import get_call_points

_BINS = 25
_SYMBOLS = {"high_sensitivity": "triangle-up", "balanced": "circle", "high_specificity": "square"}


def draw_scores(evaluation: Evaluation) -> go.Figure:
    """Return how the probabilities spread, fractured above the axis, not fractured below."""
    palette = choose_palette()
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure()
    for label, colour, sign in ((1, palette.warm, 1), (0, palette.cool, -1)):
        values = [prediction.p_fracture for prediction in evaluation.predictions if prediction.label == label]
        counts, _ = np.histogram(values, edges)
        figure.add_bar(
            x=centres, y=sign * counts, customdata=counts, name=LABELS[label], marker_color=colour,
            hovertemplate="p about %{x:.2f}: %{customdata} radiographs<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    points = get_call_points(evaluation)
    low, high = points.high_sensitivity.threshold, points.high_specificity.threshold
    if low < high:
        figure.add_vrect(low, high, fillcolor=fade(NEUTRAL, 0.16), line_width=0)
    figure.add_vline(
        evaluation.threshold, line_color=NEUTRAL, line_width=1.5, line_dash="dot",
        annotation_text=f"balanced {evaluation.threshold:.2f}" + (", uncertain zone" if low < high else ""),
        annotation_position="top",
    )  # fmt: skip
    figure.update_layout(barmode="relative", bargap=0.08)
    figure.update_xaxes(title="probability of fracture", range=[0, 1])
    figure.update_yaxes(title="radiographs", showticklabels=False, zeroline=True, zerolinecolor=NEUTRAL)
    return finish(figure)


def draw_roc(evaluation: Evaluation) -> go.Figure:
    """Return the ROC curve in its 95% band, with the operating points on it."""
    palette = choose_palette()
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    curve = trace_roc(evaluation.predictions)
    if curve:
        _add_curve(figure, curve, palette.cool)
        _add_points(figure, evaluation, palette.warm)
    figure.update_xaxes(title="1 − specificity", range=[-0.01, 1.01])
    figure.update_yaxes(title="sensitivity", range=[-0.01, 1.03])
    return finish(figure)


def _add_curve(figure: go.Figure, curve: RocCurve, colour: str) -> None:
    figure.add_scatter(
        x=np.concatenate([curve.band_at, curve.band_at[::-1]]), y=np.concatenate([curve.band_high, curve.band_low[::-1]]),
        mode="lines", line={"width": 0}, fill="toself", fillcolor=fade(colour, 0.18), hoverinfo="skip", name="95% band",
    )  # fmt: skip
    figure.add_scatter(
        x=curve.false_alarms, y=curve.sensitivity, mode="lines", name="every operating point",
        line={"color": colour, "width": 2.5, "shape": "hv"}, customdata=1 - curve.false_alarms,
        hovertemplate="sensitivity %{y:.2f}, specificity %{customdata:.2f}<extra></extra>",
    )  # fmt: skip


def _add_points(figure: go.Figure, evaluation: Evaluation, colour: str) -> None:
    """Mark the points in use; an older evaluation has the balanced one only."""
    points = {name: (point.threshold, point.metrics) for name, point in evaluation.operating_points.items()}
    for name, (threshold, metrics) in (points or {"balanced": (evaluation.threshold, evaluation.metrics)}).items():
        sensitivity, specificity = metrics["sensitivity"].value, metrics["specificity"].value
        if sensitivity is None or specificity is None:
            continue
        figure.add_scatter(
            x=[1 - specificity], y=[sensitivity], mode="markers", name=name.replace("_", " "),
            marker={"color": colour, "size": 12, "symbol": _SYMBOLS[name], "line": {"width": 0}},
            hovertemplate=f"p = {threshold:.2f}: sensitivity {sensitivity:.2f}, specificity {specificity:.2f}"
            f"<extra>{name.replace('_', ' ')}</extra>",
        )  # fmt: skip
