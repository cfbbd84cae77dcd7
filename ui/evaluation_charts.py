"""Charts of an evaluation: how the probabilities spread, and the ROC curve."""

import numpy as np
import plotly.graph_objects as go

from fracture_core.data.items import LABELS
from fracture_core.evaluation.records import Evaluation
from ui.charts import NEUTRAL, choose_palette, finish

_BINS = 25


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
    figure.add_vline(
        evaluation.threshold, line_color=NEUTRAL, line_width=1.5, line_dash="dot",
        annotation_text=f"operating point {evaluation.threshold:.2f}", annotation_position="top",
    )  # fmt: skip
    figure.update_layout(barmode="relative", bargap=0.08)
    figure.update_xaxes(title="probability of fracture", range=[0, 1])
    figure.update_yaxes(title="radiographs", showticklabels=False, zeroline=True, zerolinecolor=NEUTRAL)
    return finish(figure)


def draw_roc(evaluation: Evaluation) -> go.Figure:
    """Return the ROC curve with the operating point on it."""
    palette = choose_palette()
    false_alarms, sensitivity = _trace_roc(evaluation)
    called = np.array([prediction.p_fracture >= evaluation.threshold for prediction in evaluation.predictions])
    truth = np.array([prediction.label == 1 for prediction in evaluation.predictions])
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.add_scatter(
        x=false_alarms, y=sensitivity, mode="lines", name="every operating point",
        line={"color": palette.cool, "width": 2.5, "shape": "hv"},
        hovertemplate="sensitivity %{y:.2f}, specificity %{customdata:.2f}<extra></extra>", customdata=1 - false_alarms,
    )  # fmt: skip
    if truth.any() and not truth.all():
        figure.add_scatter(
            x=[called[~truth].mean()], y=[called[truth].mean()], mode="markers", name="the one in use",
            marker={"color": palette.warm, "size": 12, "line": {"width": 0}},
            hovertemplate="sensitivity %{y:.2f}<extra>operating point</extra>",
        )  # fmt: skip
    figure.update_xaxes(title="1 − specificity", range=[-0.01, 1.01])
    figure.update_yaxes(title="sensitivity", range=[-0.01, 1.03])
    return finish(figure)


def _trace_roc(evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    ranked = sorted(evaluation.predictions, key=lambda prediction: -prediction.p_fracture)
    truth = np.array([prediction.label == 1 for prediction in ranked])
    hits, alarms = np.cumsum(truth), np.cumsum(~truth)
    start = np.zeros(1)
    return (
        np.concatenate([start, alarms / max(1, alarms[-1])]),
        np.concatenate([start, hits / max(1, hits[-1])]),
    )
