"""Numbers as text and tiles: a figure never goes without its interval and its n."""

from html import escape

import streamlit as st

from fracture_core.evaluation import Evaluation, Metric

HEADLINE = "auroc"
_TITLES = {
    "auroc": "AUROC",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "accuracy": "Accuracy",
    "ppv": "PPV",
    "npv": "NPV",
    "ece": "Calibration error",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "uncertain": "Share uncertain",
    "accuracy_of_certain": "Accuracy of the others",
}
_SPELT_OUT = {
    "auroc": "area under the receiver operating characteristic",
    "sensitivity": "share of the fractured that were called",
    "specificity": "share of the not fractured that were not called",
    "accuracy": "share called rightly",
    "ppv": "positive predictive value: share of the called that are fractured, in this data",
    "npv": "negative predictive value: share of the not called that are not fractured, in this data",
    "ece": "mean distance of the probability from the share that is fractured, over bins of equally many files",
    "brier": "mean squared distance of the probability from the label",
    "log_loss": "mean surprise at the label, in nats",
    "uncertain": "share of the radiographs that were called uncertain",
    "accuracy_of_certain": "share called rightly among those not called uncertain",
}
_SPLITS = {"val": "validation", "train": "training"}


def format_range(metric: Metric) -> str:
    """Return the interval, such as ``0.86 to 0.90``."""
    if metric.low is None or metric.high is None:
        return "no interval"
    return f"{metric.low:.2f} to {metric.high:.2f}"


def format_figure(metric: Metric) -> str:
    """Return a figure in one line, such as ``0.88 (95% interval 0.86 to 0.90, n = 640)``."""
    if metric.value is None:
        return f"not defined (n = {metric.n})"
    return f"{metric.value:.2f} (95% interval {format_range(metric)}, n = {metric.n:,})"


def word_headline(evaluation: Evaluation) -> str:
    """Return the headline figure in one line, with the data it was measured on."""
    metric = evaluation.metrics[HEADLINE]
    return f"{_TITLES[HEADLINE]} {format_figure(metric)} on {word_data(evaluation)}"


def word_short_headline(evaluation: Evaluation) -> str:
    """Return the headline figure in few words, such as ``AUROC 0.88 (0.86 to 0.90), n = 640, FracAtlas, test``."""
    metric = evaluation.metrics[HEADLINE]
    value = "not defined" if metric.value is None else f"{metric.value:.2f} ({format_range(metric)})"
    return f"{_TITLES[HEADLINE]} {value}, n = {metric.n:,}, {word_data(evaluation)}"


def word_data(evaluation: Evaluation) -> str:
    """Return what was evaluated, such as ``FracAtlas, test``, with the mark of a leaky side."""
    data = f"{evaluation.dataset}, {_SPLITS.get(evaluation.split, evaluation.split)}"
    return f"{data}, {evaluation.mark}" if evaluation.mark else data


def show_figures(evaluation: Evaluation, names: tuple[str, ...] | None = None, lead: str = "") -> None:
    """Show figures as tiles, each with interval and n; all of them where no names are given.

    Args:
        lead: HTML of tiles that go first, from ``build_tile``.
    """
    chosen = names or tuple(name for name in _TITLES if name in evaluation.metrics)
    metrics = {name: evaluation.metrics[name] for name in chosen if name in evaluation.metrics}
    show_metrics(metrics, evaluation.mark, lead)


def show_metrics(metrics: dict[str, Metric], mark: str = "", lead: str = "") -> None:
    """Show metrics as tiles; each carries the mark of a leaky side."""
    tiles = "".join(_build_metric(name, metric, mark) for name, metric in metrics.items())
    st.html(f'<div class="fx-figures">{lead}{tiles}</div>')


def build_tile(name: str, value: str, below: str, mark: str = "", explained: str = "") -> str:
    """Return HTML of one tile; all of it is text."""
    return (
        f'<div class="fx-figure" title="{escape(explained)}">'
        f'<div class="fx-figure-name">{escape(name)}</div>'
        f'<div class="fx-figure-value">{escape(value)}</div>'
        f'<div class="fx-figure-range">{escape(below)}</div>'
        + (f'<div class="fx-mark">{escape(mark)}</div></div>' if mark else "</div>")
    )


def _build_metric(name: str, metric: Metric, mark: str) -> str:
    value = "–" if metric.value is None else f"{metric.value:.2f}"
    below = f"{format_range(metric)}, n = {metric.n:,}"
    return build_tile(_TITLES.get(name, name), value, below, mark, _SPELT_OUT.get(name, name))
