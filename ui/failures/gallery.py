"""The gallery: filters at the left, switches above, the grid, and what to do where it is empty."""

import pandas as pd
import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.failures import FailureFilters
from ui.failures.filters import describe_filters, offer_to_clear, show_active, show_filters, show_switches
from ui.failures.grid import show_grid
from ui.failures.shown import Shown
from ui.shared.calls import WORDS
from ui.shared.empty_states import show_empty

_MOST_ROWS = 1000


def show_gallery(shown: Shown) -> None:
    """Show the filters and the grid, or a list where the pictures are elsewhere."""
    with st.container(key="fx_gallery"):
        filters, grid = st.columns([11, 39], gap="medium")
        with filters:
            show_filters(shown)
        with grid:
            show_switches(shown)
            show_active(shown)
            if shown.entries:
                show_grid(shown)
                _show_table(shown)
            else:
                _show_nothing_left(shown)


def _show_nothing_left(shown: Shown) -> None:
    if describe_filters(shown.filters):
        show_empty("The filters leave none", "Take a filter away, or show all radiographs.")
        offer_to_clear("empty")
    elif shown.filters.show == "uncertain":
        show_empty(
            "Nothing is uncertain here", "The model called every radiograph of this evaluation one way or the other."
        )
    elif shown.filters == FailureFilters(order=shown.filters.order):
        show_empty(
            "No failures here",
            "Every radiograph of this evaluation was called rightly. Choose All above to look at them, or evaluate "
            "another data set.",
        )


def _show_table(shown: Shown) -> None:
    fold = st.expander("The same as a list", icon=":material/table_rows:", key="fx_table", on_change="rerun")
    if not fold.open:
        return
    rows = [
        {
            "File": entry.shown.name,
            "Kind": entry.shown.kind,
            "Label": LABELS[entry.shown.label],
            "p": entry.shown.p_fracture,
            "Call": WORDS[entry.shown.call] if entry.shown.call else "",
            "Region": entry.shown.region or "",
            "Views": ", ".join(entry.shown.views),
            "Copies": entry.n_files,
            "Wrong": entry.n_wrong,
        }
        for entry in shown.entries[:_MOST_ROWS]
    ]
    with fold:
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        if len(shown.entries) > _MOST_ROWS:
            st.caption(f"The first {_MOST_ROWS:,} of {len(shown.entries):,}; the CSV holds all.")
