"""The table of a worklist."""

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fracture_core.records import Study, WorklistItem, build_studies, sort_studies
from ui.diagnose.address import open_item
from ui.diagnose.filters import word_state
from ui.shared.calls import TONES, WORDS

ORDER = "fx_list_order"  # numbers of the files in the order they are shown, for Next and Previous
_KEY = "fx_rows"
_MOVED = "fx_list_moved"  # when the order last changed, and what it was before
_MOUNT = "fx_rows_mount"  # counts tables: one that was clicked in vain is put away with its selection
_SETTLE_S = 0.6  # until a browser shows the new order for sure
_ROW_PX, _MOST_ROWS = 35, 16
# Read on white and on dark ground alike.
_COLOURS = {"alert": "#c9531c", "unsure": "#9a7a12", "clear": "#2c8c75"}
_COLOUR_OF = {WORDS[call]: _COLOURS[tone] for call, tone in TONES.items()}


def show_rows(shown: Sequence[WorklistItem], items: Sequence[WorklistItem]) -> bool:
    """Show the table, likely fractures first, views of one exam together; return whether a row was just opened.

    Args:
        shown: what the filters leave.
        items: all of the list.
    """
    wanted = {item.number for item in shown}
    studies = sort_studies(build_studies(items))
    rows = [(study, item) for study in studies for item in study.items if item.number in wanted]
    _keep_order([item.number for _, item in rows])
    if not rows:
        st.info("No file passes the filters.", icon=":material/filter_alt_off:")
        return False
    has_exams = any(len(study.items) > 1 for study in studies)
    table = pd.DataFrame([_build_row(study, item, has_exams=has_exams) for study, item in rows])
    if not any(table["Body part"]):
        table = table.drop(columns="Body part")
    styled = table.style.map(_colour, subset=[name for name in ("Call", "Exam") if name in table])
    st.dataframe(
        styled,
        hide_index=True,
        key=_find_key(),
        on_select=_open_chosen,
        selection_mode="single-cell",
        height=_ROW_PX * (min(len(rows), _MOST_ROWS) + 1) + 3,
        column_config={
            "p": st.column_config.ProgressColumn("p", format="%.2f", min_value=0.0, max_value=1.0, width="small"),
            "Note": st.column_config.TextColumn(width="large"),
        },
    )
    st.caption("Click a row to open it.")
    return bool(st.session_state.pop("fx_row_opened", False))


def _build_row(study: Study, item: WorklistItem, *, has_exams: bool) -> dict[str, object]:
    row: dict[str, object] = {"File": item.name, "Call": word_state(item), "p": item.shown_p}
    if has_exams:
        row["Exam"] = WORDS[study.call] if len(study.items) > 1 and study.call else ""
        row["Views"] = f"Exam {study.number}, {len(study.items)} views" if len(study.items) > 1 else ""
    size = f"{item.width_px} × {item.height_px}" if item.width_px else ""
    body_part = f"{item.region} {item.view}".strip()
    return row | {"Body part": body_part, "Size (px)": size, "Note": _word_note(item)}


def _word_note(item: WorklistItem) -> str:
    override = f"Read all the same: {item.override.who}, {item.override.why}." if item.override else ""
    return " ".join(part for part in (item.reason, *item.refusals, override, *item.notes) if part)


def _colour(word: str) -> str:
    return f"color: {_COLOUR_OF[word]}; font-weight: 600" if word in _COLOUR_OF else ""


def _find_key() -> str:
    return f"{_KEY}_{st.session_state.get(_MOUNT, 0)}"


def _keep_order(order: list[int]) -> None:
    before = st.session_state.get(ORDER)
    if before != order:
        st.session_state[_MOVED] = (time.monotonic(), before or [])
    st.session_state[ORDER] = order


def _open_chosen() -> None:
    chosen = st.session_state[_find_key()].selection.cells
    if not chosen:
        return
    row, order = chosen[0][0], st.session_state.get(ORDER, [])
    moved_at, before = st.session_state.get(_MOVED, (0.0, []))
    is_moving = time.monotonic() - moved_at < _SETTLE_S and before
    if is_moving and before[row : row + 1] != order[row : row + 1]:
        st.session_state[_MOUNT] = st.session_state.get(_MOUNT, 0) + 1
        st.toast("The list has just moved. Click the row again.", icon=":material/swap_vert:")
    elif row < len(order):
        open_item(order[row])
        st.session_state["fx_row_opened"] = True
