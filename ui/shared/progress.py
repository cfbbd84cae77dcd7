"""The progress of an audit, with the time that is left of what is being done.

Apart: every wait of more than a second shows it.
"""

import time
from typing import Self

import streamlit as st

from ui.shared.durations import word_duration

_LEAST_GAP_S = 0.2  # a bar that is drawn for every file would slow the audit
_SOON_S = 2.0


class AuditProgress:
    """A bar on the page, made to be passed as a ``progress`` callback; goes away when it is done."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, text="Listing the files")
        self._what = ""
        self._started_s = self._drawn_s = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if what != self._what:
            self._what, self._started_s = what, now_s
        elif done < total and now_s - self._drawn_s < _LEAST_GAP_S:
            return
        self._drawn_s = now_s
        share = done / max(1, total)
        spent_s = now_s - self._started_s
        left = f", about {word_duration(spent_s / share - spent_s)} left" if spent_s > _SOON_S and 0 < share < 1 else ""
        self._bar.progress(share, text=f"{what}: {done:,} of {total:,}{left}" if total > 1 else what)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.empty()
