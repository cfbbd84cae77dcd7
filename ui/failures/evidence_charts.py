"""Charts of how far an evaluation carries: calibration, net benefit, subgroups."""

import plotly.graph_objects as go

from fracture_core.evaluation import CalibrationFigures, DecisionPoint, Subgroup
from ui.shared.charts import NEUTRAL, build_error_bars, choose_palette, finish

_ROW_PX = 30


def draw_reliability(calibration: CalibrationFigures) -> go.Figure:
    """Return the share that is fractured against the probability given, with intervals."""
    bins = [bin_ for bin_ in calibration.bins if bin_.fractured.value is not None]
    values = [bin_.fractured.value for bin_ in bins]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        name="as it should be",
    )
    figure.add_scatter(
        x=[bin_.mean_p for bin_ in bins],
        y=values,
        mode="lines+markers",
        name="as it is, with 95% intervals",
        line={"color": choose_palette().cool, "width": 2},
        marker={"size": 7},
        error_y=build_error_bars([bin_.fractured for bin_ in bins], 1.2),
        customdata=[bin_.fractured.n for bin_ in bins],
        hovertemplate="p about %{x:.2f}: %{y:.0%} of %{customdata} fractured<extra></extra>",
    )
    figure.update_xaxes(title="probability of fracture", range=[-0.01, 1.01])
    figure.update_yaxes(title="share fractured", range=[-0.01, 1.03])
    return finish(figure)


def draw_decision(points: tuple[DecisionPoint, ...]) -> go.Figure:
    """Return the net benefit of looking twice by the network, at all, and at none."""
    palette = choose_palette()
    at = [point.threshold for point in points]
    highest = max(point.treat_all for point in points)
    figure = go.Figure()
    for name, values, style in (
        ("by the network", [point.model for point in points], {"color": palette.cool, "width": 2.5}),
        ("look twice at all", [point.treat_all for point in points], {"color": palette.warm, "width": 1.5}),
        ("at none", [point.treat_none for point in points], {"color": NEUTRAL, "width": 1.5, "dash": "dot"}),
    ):
        figure.add_scatter(
            x=at,
            y=values,
            mode="lines",
            name=name,
            line=style,
            hovertemplate="from p = %{x:.2f} on: %{y:.3f}<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title="probability from which a second look is wanted", range=[0, 1])
    figure.update_yaxes(title="net benefit", range=[-0.25 * highest, 1.08 * highest])
    return finish(figure)


def draw_subgroups(subgroups: tuple[Subgroup, ...], metric: str, whole: float | None) -> go.Figure:
    """Return one metric of each subgroup with its interval; what is not defined is left out.

    Args:
        whole: the metric over everything, drawn as a line.
    """
    shown = [part for part in reversed(subgroups) if part.metrics[metric].value is not None]
    figures = [part.metrics[metric] for part in shown]
    figure = go.Figure()
    if whole is not None:
        figure.add_vline(whole, line_color=NEUTRAL, line_width=1.5, line_dash="dot")
    figure.add_scatter(
        x=[item.value for item in figures],
        y=[f"{part.name} ({part.n:,})" for part in shown],
        mode="markers",
        marker={"color": choose_palette().cool, "size": 9},
        showlegend=False,
        error_x=build_error_bars(figures, 1.6),
        customdata=[
            (part.kind, item.low, item.high, part.n_fractured) for part, item in zip(shown, figures, strict=True)
        ],
        hovertemplate="%{customdata[0]} %{y}: %{x:.2f}, %{customdata[1]:.2f} to %{customdata[2]:.2f}, "
        "%{customdata[3]} fractured<extra></extra>",
    )
    figure.update_xaxes(range=[-0.02, 1.02])
    return finish(figure, height_px=90 + _ROW_PX * max(1, len(shown)))
