"""Labels that are likely wrong, the likeliest first, and what such a list is worth."""

from pathlib import Path

import pandas as pd
import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.failures import (
    LabelDoubt,
    LabelRanking,
    describe_label_ranking,
    measure_label_ranking,
    measure_reviewed_ranking,
    rank_label_errors,
)
from ui.failures.shown import Shown
from ui.shared.address import IMAGE, change_filters, go
from ui.shared.figures import format_figure

_KEY = "fx_label_errors"
_FIRST = 50
_COLUMNS = {
    "p": st.column_config.NumberColumn(format="%.2f", help="probability of fracture, the mean of all copies"),
}


def show_label_errors(shown: Shown) -> None:
    """Show the ranking; a row selected opens its image."""
    doubts = _rank(shown.identity, shown)
    st.markdown(
        f"**{len(doubts):,} radiographs** whose label the network contradicts with more confidence than it usually "
        "has, the likeliest label error first. Either the label is wrong or the network is: a person decides."
    )
    st.caption(describe_label_ranking(_measure(shown.identity, shown)))
    found = measure_reviewed_ranking(shown.evaluation, shown.table.reviews, first=_FIRST)
    if found:
        st.caption(f"Of the labels that people here hold for wrong, the first {_FIRST} hold {format_figure(found)}.")
    if not doubts:
        return
    rows = [_build_row(shown, doubt) for doubt in doubts[:_FIRST]]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=_COLUMNS,
        key=_KEY,
        height=320,
        selection_mode="single-row",
        on_select=lambda: _open([doubt.name for doubt in doubts]),
    )
    st.button(
        "Look through them below",
        icon=":material/grid_view:",
        key="fx_label_errors_grid",
        on_click=lambda: change_filters(show="wrong", order="label error"),
    )


def _build_row(shown: Shown, doubt: LabelDoubt) -> dict[str, object]:
    prediction = shown.find_prediction(doubt.name)
    return {
        "File": Path(doubt.name).name,
        "Label": LABELS[doubt.given],
        "Rather": LABELS[doubt.proposed],
        "p": (1 + (doubt.score if doubt.given == 1 else -doubt.score)) / 2,
        "Region": (prediction.region if prediction else None) or "",
        "Copies": doubt.files,
    }


def _open(names: list[str]) -> None:
    rows = st.session_state[_KEY].selection.rows
    if rows:
        change_filters(order="label error")
        go(**{IMAGE: names[rows[0]]})


@st.cache_resource(max_entries=4, show_spinner=False)
def _rank(identity: str, _shown: Shown) -> list[LabelDoubt]:
    return rank_label_errors(_shown.evaluation)


@st.cache_resource(max_entries=4, show_spinner="Measuring what the list is worth")
def _measure(identity: str, _shown: Shown) -> LabelRanking | None:
    return measure_label_ranking(_shown.evaluation, first=_FIRST)
