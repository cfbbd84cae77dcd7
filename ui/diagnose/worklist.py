"""A worklist: how far it is, its rows as they are read, likely fractures first; a click opens one."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from fracture_core.base import FractureError, WorklistError
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.reading import Predictor
from fracture_core.records import (
    Worklist,
    WorklistItem,
    build_worklist_csv,
    build_worklist_xlsx,
    find_unfinished,
    go_on_reading,
    read_in_background,
    read_items,
    read_worklist,
    sort_items,
    stop_reading,
)
from ui.diagnose.address import find_item_number, leave_worklist
from ui.diagnose.filters import filter_items, show_filters
from ui.diagnose.intake import word_progress
from ui.diagnose.item import show_item
from ui.diagnose.rows import show_rows
from ui.reading.opened import get_predictor
from ui.shared.durations import word_duration, word_moment
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.shared.exports import logged
from ui.shared.models import short_hash

_REFRESH_S = 1.5
_ROWS_A_SECOND = 4000  # that are read and drawn; a long list is refreshed less often


def read_on() -> None:
    """See that every worklist that is not read yet has a reader in this process, or another one."""
    for worklist_id in find_unfinished():
        try:
            predictor = get_predictor(find_checkpoint(read_worklist(worklist_id).model))
        except FractureError as error:
            stop_reading(worklist_id, str(error))
            continue
        read_in_background(worklist_id, partial(_give, predictor))


def _give(predictor: Predictor, _: Checkpoint) -> Predictor:
    return predictor


def show_worklist(worklist_id: str) -> None:
    """Show a worklist, or one of its files where the address names one."""
    try:
        worklist = read_worklist(worklist_id)
    except WorklistError as error:
        show_problem(error)
        st.button("Hand in files", on_click=leave_worklist, key="to_intake", icon=":material/upload:")
        return
    items, number = sort_items(read_items(worklist_id)), find_item_number()
    if number is not None and show_item(worklist, items, number):
        return
    _show_head(worklist)
    is_on = bool(worklist.progress.waiting) and not worklist.stopped
    every_s = max(_REFRESH_S, 3 * worklist.progress.total / _ROWS_A_SECOND)
    st.fragment(_show_list, run_every=every_s if is_on else None)(worklist_id, is_on)


def _show_head(worklist: Worklist) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("All worklists", icon=":material/arrow_back:", on_click=leave_worklist, key="to_intake")
        st.subheader(escape_markdown(worklist.title), anchor=False)
        _offer_export(worklist)
    facts = [word_moment(worklist.created_at), f"read by {worklist.model} {short_hash(worklist.model_sha256)}"]
    facts += [_word_left_out(worklist)] if worklist.left_out else []
    st.caption(escape_markdown(" · ".join(facts)))


def _word_left_out(worklist: Worklist) -> str:
    if worklist.source != "PACS":
        return f"{worklist.left_out:,} other files left out, no radiographs by their names"
    objects = "object" if worklist.left_out == 1 else "objects"
    return f"{worklist.left_out:,} other {objects} of the study left out, no CR or DX"


def _export(worklist_id: str, write: Callable[[Worklist, Sequence[WorklistItem]], bytes]) -> bytes:
    return write(read_worklist(worklist_id), read_items(worklist_id))


def _offer_export(worklist: Worklist) -> None:
    with st.popover("Export", icon=":material/download:"):
        st.caption("All files of the list, as far as they are read when you click.")
        for label, suffix, write in (
            ("Table (CSV)", "csv", build_worklist_csv),
            ("Excel file", "xlsx", build_worklist_xlsx),
        ):
            st.download_button(
                label,
                logged(
                    worklist.id,
                    partial(_export, worklist.id, write),
                    what="worklist",
                ),
                file_name=f"worklist-{worklist.id}.{suffix}",
                icon=":material/table_rows:",
                key=f"export_{suffix}",
                on_click="ignore",
            )


def _show_list(worklist_id: str, was_on: bool) -> None:
    with show_errors("showing a worklist"):
        worklist, items = read_worklist(worklist_id), read_items(worklist_id)
        is_on = bool(worklist.progress.waiting) and not worklist.stopped
        if is_on != was_on:
            st.rerun()
        _show_progress(worklist)
        shown = filter_items(items, show_filters(items))
        if show_rows(shown, items):
            st.rerun()
        _word_count(len(shown), len(items))


def _show_progress(worklist: Worklist) -> None:
    progress = worklist.progress
    if worklist.problem:
        st.error(escape_markdown(worklist.problem), icon=":material/error:")
    if not progress.waiting:
        st.caption(word_progress(worklist))
        return
    left = f", about {word_duration(progress.left.total_seconds())} left" if progress.left else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(progress.share, text=f"{word_progress(worklist)}{left}")
        if worklist.stopped:
            st.button("Go on", icon=":material/play_arrow:", on_click=go_on_reading, args=(worklist.id,), key="go_on")
        else:
            st.button("Stop", icon=":material/stop:", on_click=stop_reading, args=(worklist.id,), key="stop_reading")


def _word_count(shown: int, total: int) -> None:
    if shown < total:
        st.caption(f"{shown:,} of {total:,} files pass the filters.")
