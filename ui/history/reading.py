"""One reading of the history: all that is kept of it, its picture where that is kept, and what people say of it."""

from dataclasses import replace
from html import escape
from pathlib import Path

import streamlit as st

from fracture_core.base import FractureError, WorklistError
from fracture_core.networks import Checkpoint, OperatingPoint, OperatingPoints, find_checkpoint
from fracture_core.radiographs import read_radiograph_file
from fracture_core.reading import (
    HistoryFilters,
    ReadingRecord,
    find_picture,
    find_reading,
    list_readings,
    override_reading,
    word_override,
)
from fracture_core.records import LONGEST_WHY, delete_reading, override_refusal
from ui.history.address import leave_reading, open_reading
from ui.reading.card import build_facts, show_notes
from ui.reading.feedback import show_feedback
from ui.reading.meaning import show_meaning
from ui.reading.opened import open_path
from ui.reading.refused import show_refusal
from ui.shared.calls import TONES, WORDS, build_probability_line
from ui.shared.durations import word_moment
from ui.shared.empty_states import show_empty
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.shared.frame import DIAGNOSE, show_link
from ui.shared.models import short_hash
from ui.shared.person import get_who, keep_who
from ui.viewer import ViewerPicture, build_picture, show_viewer
from ui.viewer.pixels import KeptPixels

_DELETED = "fx_history_deleted"


def show_reading(reading_id: str, filters: HistoryFilters) -> None:
    """Show one reading, with the way back to the list and to its neighbours there."""
    try:
        record = find_reading(reading_id)
    except FractureError as error:
        st.button("All readings", icon=":material/list:", on_click=leave_reading, key="to_history")
        if st.session_state.get(_DELETED) == reading_id:
            show_empty("This reading has been deleted", "Who deleted it, and why, is in the audit log.")
        else:
            show_problem(error)
        return
    _show_steps(record, filters)
    picture, checkpoint = find_picture(record.id), _find_model(record)
    with st.container(border=True, key="fx_card_reading"):
        findings, shown = st.columns([9, 11], gap="medium")
        with findings:
            _show_findings(record)
        with shown:
            _show_picture(record, picture, checkpoint)
        if checkpoint and record.shown_call:
            show_meaning(checkpoint, record.shown_call, record.region)
    with show_errors("showing what people say of a reading"):
        show_feedback(record, picture)
    _offer_deletion(record)


def _show_steps(record: ReadingRecord, filters: HistoryFilters) -> None:
    newer = list_readings(filters, after=record.number, limit=1).readings
    older = list_readings(filters, before=record.number, limit=1).readings
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fx_steps"):
        st.button("All readings", icon=":material/list:", on_click=leave_reading, key="to_history")
        for label, icon, beside, shortcut in (
            ("Newer", ":material/chevron_left:", newer, "Left"),
            ("Older", ":material/chevron_right:", older, "Right"),
        ):
            st.button(
                label,
                icon=icon,
                on_click=open_reading,
                args=(beside[0].id if beside else record.id,),
                disabled=not beside,
                key=f"to_{label}",
                shortcut=shortcut,
            )


def _find_model(record: ReadingRecord) -> Checkpoint | None:
    """Return the checkpoint that made the reading; None where it is not here any more, or has other weights."""
    try:
        checkpoint = find_checkpoint(record.model)
    except FractureError:
        return None
    return checkpoint if checkpoint.manifest.weights_sha256 == record.model_sha256 else None


def _show_findings(record: ReadingRecord) -> None:
    title = record.name or f"Reading of {word_moment(record.at)}"
    st.subheader(escape_markdown(title), anchor=False)
    if record.is_refused:
        show_refusal("history", record.refusals, lambda who, why: _override(record, who, why))
    else:
        said = (word_override(record.refusals, record.override_who, record.override_why),) if record.refusals else ()
        show_notes(said)
        _show_call(record)
    show_notes(record.notes)
    st.html(_build_facts(record))
    if record.worklist_id:
        item = {"item": str(record.item_number)} if record.item_number else {}
        show_link(DIAGNOSE, "Its worklist", query_params={"worklist": record.worklist_id} | item)


def _override(record: ReadingRecord, who: str, why: str) -> None:
    if record.item_number is not None and record.worklist_id:
        try:
            override_refusal(record.worklist_id, record.item_number, who, why)
        except WorklistError:  # the list is gone, or the name or reason is missing, which is told below
            pass
        else:
            return
    override_reading(record.id, who, why)


def _show_call(record: ReadingRecord) -> None:
    points = OperatingPoints(
        high_sensitivity=OperatingPoint(threshold=record.negative_below),
        high_specificity=OperatingPoint(threshold=record.positive_from),
    )
    with st.container(key=f"fx_call_{TONES[record.call]}_history", gap="xsmall"):
        st.markdown(WORDS[record.call])
        st.markdown(f"p = {record.p_fracture:.2f}")
        st.html(build_probability_line(record.p_fracture, points, record.call))


def _build_facts(record: ReadingRecord) -> str:
    corrected = {"invert": "inverted", "brighten": "brightened", "darken": "darkened"}
    facts = {
        "When": f"{record.at:%Y-%m-%d %H:%M:%S} UTC",
        "Who": escape(record.who) or "not known",
        "Source": escape(record.source),
        "Model": f"{escape(record.model)} <code>{short_hash(record.model_sha256)}</code>",
        "Time taken": f"{record.elapsed_ms / 1000:.2f} s on {escape(record.device)}",
        "Picture": f"{escape(record.source_type)}, {record.width_px} × {record.height_px} px",
        "Frame": str(record.frame + 1) if record.frame else "",
        "Corrected": corrected.get(record.correction, escape(record.correction)),
        "Body part": escape(record.region),
        "View": escape(record.view),
        "Gate": "refused"
        if record.is_refused
        else "refused, read all the same"
        if record.refusals
        else "nothing found",
        "File (SHA-256)": f"<code>{escape(record.sha256)}</code>",
        "Reading": f"<code>{escape(record.id)}</code>",
    }
    return build_facts({name: value for name, value in facts.items() if value})


def _show_picture(record: ReadingRecord, picture: Path | None, checkpoint: Checkpoint | None) -> None:
    if picture is None:
        show_empty(
            "The picture is not kept",
            "Only the file's hash is. To look at it again, read the file again on the page Diagnose. The setting "
            "keep\\_pictures keeps the pixels of what is read from then on.",
        )
        return
    if checkpoint is None and not record.is_refused:
        st.caption(f"Without its heatmap: the model {escape_markdown(record.model)} is not here as it was then.")
    with show_errors("showing a kept picture"):
        name = f"Reading {record.id[:8]}"
        shown = build_picture(name, open_path(picture, checkpoint)) if checkpoint else _open_plain(name, picture)
        # The heatmap of a refused picture is part of its reading, which is not shown.
        show_viewer(f"reading_{record.id}", [replace(shown, heat=None) if record.is_refused else shown])


@st.cache_resource(scope="session", max_entries=3, show_spinner=False)
def _open_plain(name: str, picture: Path) -> ViewerPicture:
    return ViewerPicture(name, KeptPixels(read_radiograph_file(picture)).encode())


def _offer_deletion(record: ReadingRecord) -> None:
    with st.popover("Delete this reading", icon=":material/delete:"):
        st.caption(
            "The reading goes, with what people said of it and its picture. That it was deleted, by whom and why, "
            "stays in the audit log. This cannot be undone."
        )
        if record.worklist_id:
            st.caption("Its worklist keeps the file and what was read in it, until the worklist is deleted.")
        with st.form("fx_history_delete", border=False):
            who = st.text_input("Your name", value=get_who(), max_chars=120, key="delete_who")
            why = st.text_input("Why it is deleted", max_chars=LONGEST_WHY, key="delete_why")
            is_pressed = st.form_submit_button("Delete", key="delete_reading")
    if is_pressed:
        with show_errors("deleting a reading"):
            keep_who(who)
            delete_reading(record.id, who, why)
            st.session_state[_DELETED] = record.id
            st.rerun()
