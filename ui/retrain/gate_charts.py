"""The chart of a comparison: both models with their intervals, a row a region."""

import plotly.graph_objects as go

from fracture_core.evaluation import GateSide, Metric
from ui.shared.charts import choose_palette, finish

_ROW_PX = 44
_APART = 0.16  # of a row, up and down from its middle
_LEGEND_ABOVE = {"y": 1.02, "yanchor": "bottom"}


def draw_parts(side: GateSide, metric: str) -> go.Figure:
    """Return one figure of both models over all and by region, view and hardware; what is not defined is left out."""
    palette = choose_palette()
    rows = [(f"all ({side.comparison.n:,})", "all", side.candidate[metric], side.champion[metric])]
    rows += [
        (f"{part.name} ({part.n:,})", part.kind, part.candidate[metric], part.champion[metric]) for part in side.parts
    ]
    rows = [row for row in rows if row[2].value is not None or row[3].value is not None]
    figure = go.Figure()
    for name, at, offset, colour, symbol in (
        ("candidate", 2, -_APART, palette.warm, "diamond"),
        ("in use", 3, _APART, palette.cool, "circle"),
    ):
        defined = [(number + offset, row) for number, row in enumerate(rows) if row[at].value is not None]
        shown = [(y, row[0], row[1], row[at]) for y, row in defined]
        _add_model(figure, name, shown, colour, symbol)
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[row[0] for row in rows],
        range=[len(rows) - 0.5, -0.5],
        zeroline=False,
    )
    figure.update_xaxes(range=[-0.02, 1.02])
    return finish(figure, height_px=100 + _ROW_PX * max(1, len(rows))).update_layout(legend=_LEGEND_ABOVE)


def _add_model(
    figure: go.Figure, name: str, shown: list[tuple[float, str, str, Metric]], colour: str, symbol: str
) -> None:
    figures = [metric for _, _, _, metric in shown]
    figure.add_scatter(
        x=[metric.value for metric in figures],
        y=[y for y, _, _, _ in shown],
        mode="markers",
        name=name,
        marker={"color": colour, "size": 9, "symbol": symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "thickness": 1.8,
            "width": 0,
            "color": colour,
            "array": [metric.high - metric.value for metric in figures],
            "arrayminus": [metric.value - metric.low for metric in figures],
        },
        customdata=[[kind, part, metric.low, metric.high] for _, part, kind, metric in shown],
        hovertemplate="%{customdata[0]} %{customdata[1]}: %{x:.2f} (%{customdata[2]:.2f} to %{customdata[3]:.2f})"
        "<extra>%{fullData.name}</extra>",
    )
