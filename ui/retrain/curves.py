"""Curves of trainings as tables: thinned for the screen, raw and smoothed."""

import numpy as np
import pandas as pd
import streamlit as st

from fracture_core.training import MetricsFollower

_KEPT_RUNS = 12  # of a session; some MB each at most
DRAWN_POINTS = 1000  # of a curve; a screen has no more columns
_COLUMNS = ["step", "epoch", "series", "raw", "smooth"]


@st.cache_resource(scope="session", max_entries=_KEPT_RUNS, show_spinner=False)
def follow_run(run_id: str) -> MetricsFollower:
    """Return the session's reader of a run's measurements."""
    return MetricsFollower(run_id)


def last_value(metrics: pd.DataFrame, name: str) -> float | None:
    """Return the newest value of a metric, or None before the first."""
    values = metrics.loc[metrics["name"] == name, "value"]
    return None if values.empty else float(values.iloc[-1])


def build_curves(metrics: pd.DataFrame, names: dict[str, str], smoothing: float) -> pd.DataFrame:
    """Return columns step, epoch (from 1), series, raw and smooth, at most ``DRAWN_POINTS`` rows a series.

    Args:
        metrics: columns step, epoch, name, value, by step.
        names: series by the metric's name.
        smoothing: 0 for none, towards 1 for more; see ``smooth``.
    """
    parts = []
    for name, series in names.items():
        part = metrics[metrics["name"] == name]
        if part.empty:
            continue
        curve = pd.DataFrame({"step": part["step"], "epoch": part["epoch"] + 1, "series": series, "raw": part["value"]})
        curve["smooth"] = smooth(part["value"], smoothing)
        parts.append(_thin_curve(curve))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)


def smooth(values: pd.Series, weight: float) -> pd.Series:
    """Return the exponential moving average, corrected for its start (Kingma & Ba 2015, sec. 3)."""
    return values.ewm(alpha=1.0 - weight).mean()


def _thin_curve(curve: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are drawn; raw keeps its extremes, smooth is what runs evenly between them."""
    if len(curve) <= DRAWN_POINTS:
        return curve
    kept = curve.iloc[thin(curve["raw"].to_numpy(), DRAWN_POINTS)]
    even = curve.iloc[np.linspace(0, len(curve) - 1, DRAWN_POINTS // 2).round().astype(int)]
    return kept.assign(smooth=np.interp(kept["step"], even["step"], even["smooth"]))


def thin(values: np.ndarray, points: int) -> np.ndarray:
    """Return the indices of at most ``points`` values that keep first, last, and every stretch's least and greatest."""
    if len(values) <= points:
        return np.arange(len(values))
    kept = {0, len(values) - 1}
    for stretch in np.array_split(np.arange(1, len(values) - 1), (points - 2) // 2):
        kept |= {int(stretch[values[stretch].argmin()]), int(stretch[values[stretch].argmax()])}
    return np.array(sorted(kept))
