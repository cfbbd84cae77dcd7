"""A page of readings as a table, newest first, and the links to the pages beside it."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import streamlit as st

from fracture_core.reading import (
    COUNT_READINGS_UP_TO,
    HistoryFilters,
    ReadingRecord,
    ReadingsPage,
    count_readings,
    iterate_readings,
    list_readings,
    write_readings_csv,
)
from fracture_core.records import Feedback, decide_consensus, find_latest_feedback, read_feedback_of
from ui.history.address import AFTER, BEFORE, find_number, open_reading, turn_page
from ui.shared.calls import TONES, WORDS
from ui.shared.empty_states import show_empty
from ui.shared.exports import logged
from ui.shared.frame import DIAGNOSE, show_link

_KEY = "fx_history_rows"
_SHOWN = "fx_history_shown"  # ids of the rows, as the browser has them
_ROW_PX = 35
# Read on white and on dark ground alike.
_COLOURS = {"alert": "#c9531c", "unsure": "#9a7a12", "clear": "#2c8c75"}
_COLOUR_OF = {WORDS[call]: _COLOURS[tone] for call, tone in TONES.items()}


def show_list(filters: HistoryFilters) -> None:
    """Show the page of readings that the address names."""
    before, after = find_number(BEFORE), find_number(AFTER)
    page = list_readings(filters, before=before, after=after)
    if not page.readings:
        _say_empty(filters)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        found = count_readings(filters, newest=page if before is None and after is None else None)
        many = f"More than {COUNT_READINGS_UP_TO:,}" if found > COUNT_READINGS_UP_TO else f"{found:,}"
        st.markdown(f"**{many} reading{'' if found == 1 else 's'}**, newest first", width="content")
        offer_export(filters, found)
    _show_table(page)
    _show_paging(page)


def word_call(record: ReadingRecord) -> str:
    """Return the call in words, or that it is not shown."""
    return WORDS[record.shown_call] if record.shown_call else "Refused"


def word_feedback(said: Sequence[Feedback]) -> str:
    """Return how many people judged a reading; not what they say, which would sway the next one."""
    last = find_latest_feedback(said)
    if not last:
        return ""
    readers = f"{len(last)} reader{'' if len(last) == 1 else 's'}"
    return f"{readers}, disputed" if decide_consensus(each.label for each in last).is_disputed else readers


def _say_empty(filters: HistoryFilters) -> None:
    if find_number(BEFORE) is not None or find_number(AFTER) is not None:
        show_empty("No readings on this page", "They may have been deleted, or their time in the history is over.")
        st.button("The newest readings", icon=":material/first_page:", on_click=turn_page, key="fx_history_newest")
    elif filters.sha256:
        show_empty(
            "This file was not read here",
            "Or its reading was deleted, or its time in the history is over. "
            "A file that was written anew, even with the same picture in it, is another file.",
        )
        show_link(DIAGNOSE, "Read it now")
    elif filters.is_empty:
        show_empty("No readings yet", "Whatever is read from now on, by whichever way it comes, is listed here.")
        show_link(DIAGNOSE, "Read a radiograph")
    else:
        show_empty("No reading passes the filters", "Loosen them, or clear them.")


def _show_table(page: ReadingsPage) -> None:
    said = read_feedback_of([record.id for record in page.readings])
    rows = [_build_row(record, said.get(record.id, [])) for record in page.readings]
    table = pd.DataFrame(rows)
    optional = [name for name in ("Who", "Body part", "Override", "Feedback", "File") if not any(table[name])]
    table = table.drop(columns=optional)
    st.session_state[_SHOWN] = [record.id for record in page.readings]
    st.dataframe(
        table.style.map(_colour, subset=["Call"]),
        hide_index=True,
        key=_KEY,
        on_select=_open_chosen,
        selection_mode="single-cell",
        height=_ROW_PX * (len(rows) + 1) + 3,
        column_config={
            "When (UTC)": st.column_config.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm:ss"),
            "p": st.column_config.ProgressColumn("p", format="%.2f", min_value=0.0, max_value=1.0, width="small"),
            "Time (s)": st.column_config.NumberColumn(format="%.2f"),
        },
    )
    st.caption("Click a row to open it.")


def _build_row(record: ReadingRecord, said: Sequence[Feedback]) -> dict[str, object]:
    return {
        "When (UTC)": record.at.replace(tzinfo=None),
        "Call": word_call(record),
        "p": record.shown_p,
        "Body part": f"{record.region} {record.view}".strip(),
        "Who": record.who,
        "Feedback": word_feedback(said),
        "Override": f"{record.override_who}: {record.override_why}" if record.override_at else "",
        "Source": record.source[0].upper() + record.source[1:],
        "Model": record.model,
        "File": Path(record.name).name,
        "Time (s)": round(record.elapsed_ms / 1000, 2),
    }


def _colour(word: str) -> str:
    return f"color: {_COLOUR_OF[word]}; font-weight: 600" if word in _COLOUR_OF else ""


def _open_chosen() -> None:
    chosen, shown = st.session_state[_KEY].selection.cells, st.session_state.get(_SHOWN, [])
    if chosen and chosen[0][0] < len(shown):
        open_reading(shown[chosen[0][0]])


def _show_paging(page: ReadingsPage) -> None:
    """Show the ways on; each changes the address, which can be shared and gone back from."""
    with st.container(horizontal=True, gap="small", key="fx_history_paging"):
        for label, icon, is_there, place in (
            ("Newest", ":material/first_page:", page.newer is not None, {}),
            ("Newer", ":material/chevron_left:", page.newer is not None, {AFTER: str(page.newer)}),
            ("Older", ":material/chevron_right:", page.older is not None, {BEFORE: str(page.older)}),
        ):
            if is_there:
                st.button(label, icon=icon, on_click=turn_page, kwargs=place, key=f"fx_history_{label}")


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
