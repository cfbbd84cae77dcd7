"""Live charts of trainings.

They are Vega-Lite, not Plotly as the others: Streamlit puts a new Plotly chart in the
place of the old whenever its data change, and with it goes what the viewer zoomed to.
A Vega-Lite chart takes new data where it stands.
"""

from typing import Any

import pandas as pd
import streamlit as st

from ui.retrain.curves import build_curves
from ui.retrain.run_champion import Champion
from ui.shared.charts import choose_palette

HOW_TO_ZOOM = (
    "Drag a chart to move along the steps, turn the wheel with Shift held to zoom, click twice to see all again."
)
ACCURACY, AUROC = "accuracy", "AUROC"
VALIDATION = {"val_accuracy": ACCURACY, "val_auroc": AUROC}
_LOSS = {"train_loss": "training loss"}
_MORE_COLOURS = ("#8f6bd6", "#5f9e4a", "#cf5f96", "#b8912a", "#4a7fe0", "#8c6d57", "#2fa58f", "#7d8f98")
_HEIGHT_PX = 300
# Only the mouse, so that a finger still scrolls the page; the wheel alone does too.
_ZOOM = {
    "name": "zoom",
    "bind": "scales",
    "select": {
        "type": "interval",
        "encodings": ["x"],
        "translate": "[mousedown, window:mouseup] > window:mousemove!",
        "zoom": "wheel![event.shiftKey]",
    },
}


def show_validation(metrics: pd.DataFrame, smoothing: float, champion: Champion | None, key: str) -> None:
    """Show validation accuracy and AUROC against steps, and those of the model in use as dashed lines."""
    palette = choose_palette()
    rules = (
        []
        if champion is None
        else [
            {"series": series, "at": value}
            for series, value in ((ACCURACY, champion.accuracy), (AUROC, champion.auroc))
            if value is not None
        ]
    )
    spec = _build_spec(
        [ACCURACY, AUROC], [palette.cool, palette.warm], title="validation", top=1.0, rules=rules, dots=True
    )
    curves = build_curves(metrics, VALIDATION, smoothing)
    _show(curves, spec, key, "Validation accuracy and AUROC against steps, raw and smoothed")


def show_loss(metrics: pd.DataFrame, smoothing: float, key: str) -> None:
    """Show the training loss against steps."""
    spec = _build_spec(
        list(_LOSS.values()), [choose_palette().cool], title="training loss", from_zero=True, legend=False
    )
    _show(build_curves(metrics, _LOSS, smoothing), spec, key, "Training loss against steps, raw and smoothed")


def show_overlay(curves: pd.DataFrame, series: list[str], title: str, key: str) -> None:
    """Show one thing measured in several runs; ``curves`` as of ``build_curves``, a series a run."""
    is_share = title != _LOSS["train_loss"]
    palette = choose_palette()
    colours = [palette.cool, palette.warm, *_MORE_COLOURS][: len(series)]
    spec = _build_spec(
        series, colours, title=title, top=1.0 if is_share else None, from_zero=not is_share, dots=is_share
    )
    _show(curves, spec, key, f"{title} against steps of {len(series)} runs, raw and smoothed")


def _show(curves: pd.DataFrame, spec: dict[str, Any], key: str, alt: str) -> None:
    # Listening to the zoom is what makes Streamlit keep it when data come.
    st.vega_lite_chart(curves, spec, key=key, alt=alt, on_select="rerun", selection_mode=["zoom"])


def _build_spec(
    series: list[str],
    colours: list[str],
    *,
    title: str,
    top: float | None = None,
    from_zero: bool = False,
    legend: bool = True,
    rules: list[dict[str, object]] | None = None,
    dots: bool = False,
) -> dict[str, Any]:
    """Return a spec that stays the same while data come, or the chart would begin anew."""
    scale = {"domain": series, "range": colours}
    bold = {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolOpacity": 1}
    place = {"title": None, "orient": "top", "columns": 2, "labelLimit": 400, **bold} if legend else None
    height = {"zero": from_zero} | ({"domainMax": top} if top is not None else {})
    tooltip = [
        {"field": "series", "type": "nominal", "title": " "},
        {"field": "step", "type": "quantitative", "format": ","},
        {"field": "epoch", "type": "quantitative"},
        {"field": "raw", "type": "quantitative", "format": ".3f"},
        {"field": "smooth", "type": "quantitative", "format": ".3f", "title": "smoothed"},
    ]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "strokeWidth": 1.2, "opacity": 0.4}, "encoding": _at("raw", title)},
        {"mark": {"type": "line", "strokeWidth": 3}, "encoding": _at("smooth", title), "params": [_ZOOM]},
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.5 if dots else 0},
            "encoding": _at("raw", title) | {"tooltip": tooltip},
        },
    ]
    if rules:
        at = {"y": {"field": "at", "type": "quantitative"}}
        layers.append(
            {
                "data": {"values": rules},
                "mark": {"type": "rule", "strokeDash": [7, 5], "strokeWidth": 1.6},
                "encoding": at,
            }
        )
    for layer in layers:
        layer["encoding"]["y"]["scale"] = height
    return {
        "height": _HEIGHT_PX,
        "encoding": {"color": {"field": "series", "type": "nominal", "scale": scale, "legend": place}},
        "layer": layers,
    }


def _at(field: str, title: str) -> dict[str, Any]:
    return {
        "x": {"field": "step", "type": "quantitative", "title": "step", "axis": {"tickMinStep": 1, "format": ",d"}},
        "y": {"field": field, "type": "quantitative", "title": title},
    }
