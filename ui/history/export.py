"""The filtered readings as a table; Streamlit holds a download in memory, so that it has an end."""

from itertools import islice

import streamlit as st

from fracture_core.reading import COUNT_READINGS_UP_TO, HistoryFilters, iterate_readings, write_readings_csv
from ui.shared.exports import logged

MOST_ROWS = 50_000  # about 25 MB


def offer_export(filters: HistoryFilters, found: int) -> None:
    """Show the button that downloads the readings which pass the filters.

    Args:
        found: how many there are, as `count` tells.
    """
    many = {} if found > COUNT_READINGS_UP_TO else {"readings": found}
    words = "The readings that pass the filters, with everything that is kept of each."
    if found > COUNT_READINGS_UP_TO:
        words += f" The newest {MOST_ROWS:,}; the command history export writes all."
    st.download_button(
        "Table (CSV)",
        logged(
            "readings",
            lambda: "".join(write_readings_csv(islice(iterate_readings(filters), MOST_ROWS))),
            filters=filters.to_params(),
            **many,
        ),
        file_name="readings.csv",
        mime="text/csv",
        icon=":material/download:",
        key="fx_history_csv",
        on_click="ignore",
        help=words,
    )
