"""Charts of agreement: a figure over time and by region, each with its 95% interval."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from fracture_core.evaluation import Metric
from fracture_core.records import Agreement
from ui.shared.charts import NEUTRAL, choose_palette, finish

_ROW_PX = 34
_MOST_REGIONS, _MOST_TICKS = 15, 8


def get_figure(row: Agreement, name: str) -> Metric:
    """Return the agreement, or a figure that the readers' labels imply."""
    return row.agreement if name == "agreement" else row.figures[name]


def draw_over_time(rows: Sequence[Agreement], name: str, title: str, tested: Metric | None = None) -> go.Figure:
    """Return a figure by month or week of the reading.

    Args:
        rows: of ``measure_agreement("month")`` or ``"week"``.
        name: "agreement", or one of the figures.
        tested: the same on the test set, drawn as a dotted line.
    """
    palette, figure = choose_palette(), go.Figure()
    shown = [row for row in rows if get_figure(row, name).value is not None]
    metrics = [get_figure(row, name) for row in shown]
    figure.add_scatter(
        x=[_find_day(row.key) for row in shown],
        y=[metric.value for metric in metrics],
        mode="lines+markers",
        line={"color": palette.cool, "width": 1.5},
        marker={"size": 9, "color": palette.cool},
        error_y=_build_bars(metrics, palette.cool),
        customdata=[_describe(row, name) for row in shown],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    if tested and tested.value is not None:
        figure.add_hline(
            tested.value,
            line_color=NEUTRAL,
            line_dash="dot",
            annotation_text=f"test set {tested.value:.2f}",
            annotation_position="top left",
        )
    figure.update_xaxes(title="of the reading")
    if len(shown) <= _MOST_TICKS:  # an axis of few months would write days
        figure.update_xaxes(tickvals=[_find_day(row.key) for row in shown], ticktext=[row.key for row in shown])
    figure.update_yaxes(title=title, range=[-0.02, 1.05])
    return finish(figure, height_px=300)


def draw_by_region(rows: Sequence[Agreement], name: str, title: str) -> go.Figure:
    """Return a figure by region, those judged most often at the top."""
    palette, figure = choose_palette(), go.Figure()
    shown = [row for row in rows if get_figure(row, name).value is not None][:_MOST_REGIONS]
    metrics = [get_figure(row, name) for row in shown]
    figure.add_scatter(
        x=[metric.value for metric in metrics],
        y=[f"{row.key} ({get_figure(row, name).n:,})" for row in shown],
        mode="markers",
        marker={"size": 10, "color": palette.cool},
        error_x=_build_bars(metrics, palette.cool),
        customdata=[_describe(row, name) for row in shown],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(title=title, range=[-0.02, 1.02])
    figure.update_yaxes(autorange="reversed", type="category")
    return finish(figure, height_px=max(200, 110 + _ROW_PX * len(shown)))


def _find_day(key: str) -> date:
    """Return the first day of a month such as 2026-03 or a week such as 2026-W14."""
    year, _, rest = key.partition("-")
    return date.fromisocalendar(int(year), int(rest[1:]), 1) if rest.startswith("W") else date(int(year), int(rest), 1)


def _build_bars(metrics: Sequence[Metric], colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "color": colour,
        "thickness": 2,
        "width": 0,
        "array": [(metric.high or 0) - (metric.value or 0) for metric in metrics],
        "arrayminus": [(metric.value or 0) - (metric.low or 0) for metric in metrics],
    }


def _describe(row: Agreement, name: str) -> str:
    metric = get_figure(row, name)
    return f"{row.key}: {metric.value:.2f}, 95% interval {metric.low:.2f} to {metric.high:.2f}, n = {metric.n:,}"
