"""What was done and by whom, and whether the log of it is whole."""

import time
from typing import get_args

import pandas as pd
import streamlit as st

from fracture_core.store import (
    AuditAction,
    AuditEntry,
    AuditVerification,
    list_audit_entries,
    parse_entry_details,
    verify_audit_log,
)
from ui.history.address import ACTION, BEFORE, find_number, turn_page
from ui.shared.address import get, go
from ui.shared.durations import word_duration
from ui.shared.empty_states import show_empty
from ui.shared.errors import escape_markdown, show_errors

_ENTRIES = 50
_KEY = "fx_log_action"
_VERIFIED = "fx_log_verified"
MEANING = (
    "Each entry holds the hash of the one before. Whole means: no entry of those that are there was changed, taken out "
    "or put in since it was written, and the last ones are not missing. Whoever can write to the database and to the "
    "app's own folder could write a whole new log; to notice that, keep the end of the log somewhere else, and give it "
    "to the command audit-log verify."
)


def show_log() -> None:
    """Show the entries that the address asks for, the newest first."""
    actions = get_args(AuditAction)
    wanted = get(ACTION) if get(ACTION) in actions else ""
    before = find_number(BEFORE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.session_state[_KEY] = wanted or None
        st.selectbox("Action", actions, key=_KEY, placeholder="Any", width=180, on_change=_take)
        is_pressed = st.button("Verify the log", icon=":material/verified:", key="fx_log_verify")
    if is_pressed:
        with show_errors("verifying the audit log"), st.spinner("Checking every entry", show_time=True):
            started_s = time.perf_counter()
            found = verify_audit_log()
            st.session_state[_VERIFIED] = (found, time.perf_counter() - started_s)
    if _VERIFIED in st.session_state:
        _show_verified(*st.session_state[_VERIFIED])
    entries = list_audit_entries(action=wanted, before=before, limit=_ENTRIES + 1)
    if not entries:
        show_empty("No entries", "Nothing was done yet, or nothing of this kind.")
    else:
        _show_entries(entries[:_ENTRIES])
    _show_paging(entries, before)


def _take() -> None:
    go(**{ACTION: st.session_state[_KEY], BEFORE: None})


def _show_verified(found: AuditVerification, took_s: float) -> None:
    if found.holds:
        end = f"{found.head.number}:{found.head.sha256}"
        st.success(
            f"**The log is whole: {found.count:,} entries**, checked in {word_duration(took_s)}.  \n"
            f"Its end, to keep elsewhere: `{end}`",
            icon=":material/verified:",
        )
    else:
        st.error(
            f"**The log is broken at entry {found.broken:,}.** {escape_markdown(found.problem)}  \n"
            f"The {found.count:,} entries before it hold.",
            icon=":material/gpp_bad:",
        )
    st.caption(MEANING)


def _show_entries(entries: list[AuditEntry]) -> None:
    table = pd.DataFrame(
        {
            "No.": [entry.number for entry in entries],
            "When (UTC)": [entry.at[:19].replace("T", " ") for entry in entries],
            "Action": [entry.action for entry in entries],
            "Who": [entry.who for entry in entries],
            "Subject": [entry.subject for entry in entries],
            "Details": [_word_details(entry) for entry in entries],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="fx_log_rows",
        height=35 * (len(entries) + 1) + 3,
        column_config={"Details": st.column_config.TextColumn(width="large")},
    )


def _word_details(entry: AuditEntry) -> str:
    """Return an entry's details in a line."""
    told = {
        name.replace("_", " "): _word_value(value) for name, value in parse_entry_details(entry).items() if value != []
    }
    return "; ".join(f"{name}: {words}" for name, words in told.items())


def _word_value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _show_paging(entries: list[AuditEntry], before: int | None) -> None:
    with st.container(horizontal=True, gap="small"):
        if before is not None:
            st.button("Newest", icon=":material/first_page:", on_click=turn_page, key="fx_log_newest")
        if len(entries) > _ENTRIES:
            place = {BEFORE: str(entries[_ENTRIES - 1].number)}
            st.button("Older", icon=":material/chevron_right:", on_click=turn_page, kwargs=place, key="fx_log_older")
