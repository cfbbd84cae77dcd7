"""The chart of a comparison: both models with their intervals, a row a region."""

import plotly.graph_objects as go

from fracture_core.evaluation import GateSide, Metric
from ui.shared.charts import build_error_bars, choose_palette, finish

_ROW_PX = 44
_APART = 0.16  # of a row, up and down from its middle
_LEGEND_ABOVE = {"y": 1.02, "yanchor": "bottom"}


def draw_parts(side: GateSide, metric: str) -> go.Figure:
    """Return one figure of both models over all and by region, view and hardware; what is not defined is left out."""
    palette = choose_palette()
    rows = [(f"all ({side.comparison.n:,})", "all", (side.candidate[metric], side.champion[metric]))]
    rows += [
        (f"{part.name} ({part.n:,})", part.kind, (part.candidate[metric], part.champion[metric])) for part in side.parts
    ]
    rows = [row for row in rows if any(figure.value is not None for figure in row[2])]
    figure = go.Figure()
    for name, at, offset, colour, symbol in (
        ("candidate", 0, -_APART, palette.warm, "diamond"),
        ("in use", 1, _APART, palette.cool, "circle"),
    ):
        placed = [(number + offset, part, kind, both[at]) for number, (part, kind, both) in enumerate(rows)]
        shown = [row for row in placed if row[3].value is not None]
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
        error_x=build_error_bars(figures, 1.8, color=colour),
        customdata=[[kind, part, metric.low, metric.high] for _, part, kind, metric in shown],
        hovertemplate="%{customdata[0]} %{customdata[1]}: %{x:.2f} (%{customdata[2]:.2f} to %{customdata[3]:.2f})"
        "<extra>%{fullData.name}</extra>",
    )
