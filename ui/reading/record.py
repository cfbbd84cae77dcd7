"""A reading of the page Diagnose on its way into the history: once, however often the page runs."""

import threading
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import streamlit as st

from fracture_core.base import HistoryError, StoreError
from fracture_core.reading import NewReading, Override, ReadingRecord, find_reading, override_reading, record_reading
from ui.shared.errors import escape_markdown
from ui.shared.frame import HISTORY, show_link

_SESSION = "fx_session"


class Keeping:
    """One reading that is to be kept; the radiograph is let go once it is.

    Args:
        new: what is kept; None for what is not, such as the drawn examples.
    """

    def __init__(self, new: NewReading | None) -> None:
        self._new = new
        self._is_wanted = new is not None
        self._decision: Override | None = None
        self._lock = threading.Lock()
        self.id = ""
        self.problem: StoreError | None = None

    @property
    def is_wanted(self) -> bool:
        return self._is_wanted

    def keep(self, *, again: bool = False) -> None:
        """Write what is not yet written; after a database that failed, only where ``again`` says so."""
        with self._lock:
            if self.problem and not again:
                return
            try:
                self._write()
                self.problem = None
            except StoreError as error:
                self.problem = error

    def override(self, decision: Override) -> None:
        """Keep that somebody wants the reading of a refused picture all the same."""
        self._decision = decision
        self.keep(again=True)

    def _write(self) -> None:
        if self._new is not None:
            kept = record_reading(replace(self._new, override=self._decision))
            self.id, self._new = kept.id, None
            self._decision = self._decision if kept.is_refused else None
        if self._decision and self.id:
            try:
                override_reading(self.id, self._decision.by, self._decision.why)
            except HistoryError:  # deleted, or somebody else was before us
                pass
            self._decision = None


def name_request(key: str, frame: int, correction: str, identity: str) -> str:
    """Return what is the same for every run of the page that shows one reading of this session."""
    session = st.session_state.setdefault(_SESSION, uuid4().hex)
    return sha256("|".join((session, key, str(frame), correction, identity)).encode()).hexdigest()


def get_record(keeping: Keeping) -> ReadingRecord | None:
    """Keep a reading, unless it is, and return how it stands; None where it is not kept."""
    keeping.keep()
    if not keeping.id:
        return None
    try:
        return find_reading(keeping.id)
    except (HistoryError, StoreError):
        return None


def show_record(keeping: Keeping) -> ReadingRecord | None:
    """Keep a reading and link to it, or say why it is not kept; return it as it stands."""
    if not keeping.is_wanted:
        return None
    record = get_record(keeping)
    if keeping.problem:
        st.warning(
            f"**This reading is not kept in the history.** {escape_markdown(str(keeping.problem))}",
            icon=":material/cloud_off:",
        )
        st.button("Keep it now", key="fx_keep_again", on_click=lambda: keeping.keep(again=True))
    elif record:
        show_link(HISTORY, "This reading in the history", query_params={"reading": record.id})
    else:
        st.caption("This reading has been deleted from the history.")
    return record
