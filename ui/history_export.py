"""The filtered readings as a table, written to disk as they come, so that a million need no memory."""

import tempfile
from typing import IO

import streamlit as st

from fracture_core.history.export import to_csv
from fracture_core.history.filters import HistoryFilters
from fracture_core.history.read import COUNT_UP_TO, iterate_readings
from fracture_core.settings import get_settings
from ui.exports import logged


def offer_export(filters: HistoryFilters, found: int) -> None:
    """Show the button that downloads all readings which pass the filters."""
    many = {} if found > COUNT_UP_TO else {"readings": found}
    st.download_button(
        "Table (CSV)",
        logged("readings", lambda: _write(filters), filters=filters.to_params(), **many),
        file_name="readings.csv", mime="text/csv", icon=":material/download:", key="fx_history_csv", on_click="ignore",
        help="All readings that pass the filters, with everything that is kept of each.",
    )  # fmt: skip


def _write(filters: HistoryFilters) -> IO[bytes]:
    """Return a file that has no name and goes when it is closed."""
    folder = get_settings().state_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder)
    for line in to_csv(iterate_readings(filters)):
        file.write(line.encode("utf-8"))
    file.seek(0)
    return file
