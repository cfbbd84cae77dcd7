"""Curves of a training: validation and loss against steps."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts import choose_palette, finish

_VALIDATION = {"val_accuracy": "accuracy", "val_auroc": "AUROC"}


def last_value(metrics: pd.DataFrame, name: str) -> float | None:
    """Return the newest value of a metric, or None before the first."""
    values = metrics.loc[metrics["name"] == name, "value"]
    return None if values.empty else float(values.iloc[-1])


def draw_validation(metrics: pd.DataFrame) -> go.Figure:
    """Return validation accuracy and AUROC against steps."""
    palette = choose_palette()
    figure = go.Figure()
    lowest = 0.5
    for (name, title), colour in zip(_VALIDATION.items(), (palette.cool, palette.warm), strict=True):
        part = metrics[metrics["name"] == name]
        lowest = min(lowest, part["value"].min()) if not part.empty else lowest
        figure.add_scatter(
            x=part["step"], y=part["value"], customdata=part["epoch"] + 1, name=title, mode="lines+markers",
            line={"color": colour, "width": 2.5}, marker={"size": 7},
            hovertemplate="epoch %{customdata}: %{y:.3f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_yaxes(range=[max(0.0, lowest - 0.05), 1.02])
    return _finish_steps(figure)


def draw_loss(metrics: pd.DataFrame, smoothing: float) -> go.Figure:
    """Return the training loss against steps: raw and faint, smoothed and bold."""
    palette = choose_palette()
    part = metrics[metrics["name"] == "train_loss"]
    figure = go.Figure()
    figure.add_scatter(
        x=part["step"], y=part["value"], name="raw", mode="lines", opacity=0.5,
        line={"color": palette.cool, "width": 1.2}, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=part["step"], y=smooth(part["value"].to_numpy(), smoothing), name="smoothed", mode="lines",
        line={"color": palette.cool, "width": 3}, hovertemplate="step %{x}: %{y:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero")
    return _finish_steps(figure)


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Return the exponential moving average, corrected for its start (Kingma & Ba 2015, sec. 3)."""
    smoothed, mean = np.empty(len(values)), 0.0
    for index, value in enumerate(values):
        mean = weight * mean + (1.0 - weight) * value
        smoothed[index] = mean / (1.0 - weight ** (index + 1))
    return smoothed


def _finish_steps(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(title="step", rangemode="tozero")
    figure.update_layout(uirevision="keep")  # a redraw keeps what the viewer has set
    return finish(figure, height_px=300)
