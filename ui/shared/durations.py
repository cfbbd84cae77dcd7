"""Spans and points of time in words. Apart: every page words time alike."""

from datetime import datetime


def word_duration(seconds: float) -> str:
    """Return a span such as ``8 s``, ``3 min`` or ``1 h 20 min``, rounded as a person would."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def word_moment(at: datetime) -> str:
    """Return a time in UTC such as ``3 May 2026, 14:05 UTC``."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
