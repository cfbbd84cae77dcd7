"""Charts of an evaluation: how the probabilities spread, and both curves with the operating points on them."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from fracture_core.datasets import LABELS
from fracture_core.evaluation import Evaluation, RocCurve
from fracture_core.failures import CurvePoint, FailureCurves, ScoreHistogram
from ui.shared.charts import NEUTRAL, choose_palette, fade, finish
from ui.shared.evaluations import get_call_points

_SYMBOLS = {"high_sensitivity": "triangle-up", "balanced": "circle", "high_specificity": "square"}


def draw_scores(evaluation: Evaluation, scores: ScoreHistogram) -> go.Figure:
    """Return how the probabilities spread, fractured above the axis, not fractured below.

    Each bar's data are its ends, its label and its count.
    """
    palette = choose_palette()
    figure = go.Figure()
    for label, counts, colour, sign in (
        (1, scores.fractured, palette.warm, 1),
        (0, scores.not_fractured, palette.cool, -1),
    ):
        figure.add_bar(
            x=(scores.edges[:-1] + scores.edges[1:]) / 2,
            y=sign * counts,
            name=LABELS[label],
            marker_color=colour,
            customdata=[
                [float(low), float(high), label, int(count)]
                for low, high, count in zip(scores.edges[:-1], scores.edges[1:], counts, strict=True)
            ],
            hovertemplate="p from %{customdata[0]:.2f} to %{customdata[1]:.2f}: %{customdata[3]:,} files"
            "<extra>%{fullData.name}</extra>",
        )
    points = get_call_points(evaluation)
    low, high = points.high_sensitivity.threshold, points.high_specificity.threshold
    if low < high:
        figure.add_vrect(low, high, fillcolor=fade(NEUTRAL, 0.16), line_width=0)
    figure.add_vline(
        evaluation.threshold,
        line_color=NEUTRAL,
        line_width=1.5,
        line_dash="dot",
        annotation_text=f"balanced {evaluation.threshold:.2f}" + (", uncertain zone" if low < high else ""),
        annotation_position="top",
    )
    figure.update_layout(barmode="relative", bargap=0.08)
    figure.update_xaxes(title="probability of fracture", range=[0, 1])
    figure.update_yaxes(title="files", showticklabels=False, zeroline=True, zerolinecolor=NEUTRAL)
    return finish(figure)


def draw_roc(curves: FailureCurves) -> go.Figure:
    """Return the ROC curve in its 95% band, with the operating points; each point's data begin with its threshold."""
    palette = choose_palette()
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    if curves.roc:
        _add_band(figure, curves.roc, palette.cool)
        _add_curve(
            figure,
            curves.roc.false_alarms,
            curves.roc.sensitivity,
            [None, *curves.thresholds.tolist()],
            palette.cool,
            "from p = %{customdata[0]:.2f}: sensitivity %{y:.2f}, false alarms %{x:.2f}<extra></extra>",
        )
        placed = [(point, point.false_alarms, point.sensitivity) for point in curves.points]
        _add_points(figure, placed, palette.warm, "sensitivity %{y:.2f}, false alarms %{x:.2f}")
    figure.update_xaxes(title="1 − specificity", range=[-0.01, 1.01])
    figure.update_yaxes(title="sensitivity", range=[-0.01, 1.03])
    return finish(figure)


def draw_precision_recall(curves: FailureCurves) -> go.Figure:
    """Return precision against recall, with the operating points; each point's data begin with its threshold."""
    palette = choose_palette()
    figure = go.Figure()
    if curves.precision_recall:
        trace = curves.precision_recall
        _add_curve(
            figure,
            trace.recall,
            trace.precision,
            curves.thresholds.tolist(),
            palette.cool,
            "from p = %{customdata[0]:.2f}: precision %{y:.2f}, recall %{x:.2f}<extra></extra>",
        )
        placed = [(point, point.sensitivity, point.precision) for point in curves.points]
        _add_points(figure, placed, palette.warm, "precision %{y:.2f}, recall %{x:.2f}")
    figure.update_xaxes(title="recall (sensitivity)", range=[-0.01, 1.01])
    figure.update_yaxes(title="precision (PPV)", range=[-0.01, 1.03])
    return finish(figure)


def _add_band(figure: go.Figure, curve: RocCurve, colour: str) -> None:
    figure.add_scatter(
        x=np.concatenate([curve.band_at, curve.band_at[::-1]]),
        y=np.concatenate([curve.band_high, curve.band_low[::-1]]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fade(colour, 0.18),
        hoverinfo="skip",
        name="95% band",
    )


def _add_curve(
    figure: go.Figure, x: np.ndarray, y: np.ndarray, thresholds: Sequence[float | None], colour: str, hover: str
) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        name="every operating point",
        line={"color": colour, "width": 2.5, "shape": "hv"},
        marker={"size": 5, "opacity": 0.01},
        customdata=[[threshold] for threshold in thresholds],
        hovertemplate=hover,
    )


def _add_points(
    figure: go.Figure, placed: Sequence[tuple[CurvePoint, float | None, float | None]], colour: str, hover: str
) -> None:
    """Mark the points in use; an older evaluation has the balanced one only."""
    for point, x, y in placed:
        if x is None or y is None:
            continue
        figure.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            name=point.name.replace("_", " "),
            customdata=[[point.threshold]],
            marker={"color": colour, "size": 12, "symbol": _SYMBOLS.get(point.name, "circle"), "line": {"width": 0}},
            hovertemplate=f"p = {point.threshold:.2f}: {hover}<extra>{point.name.replace('_', ' ')}</extra>",
        )
