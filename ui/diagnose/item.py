"""One file of a worklist in the viewer: its call, the other views of its exam, and the way to the next file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from fracture_core.base import FractureError, WorklistError
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.radiographs import read_file_bytes
from fracture_core.reading import find_item_reading, find_picture, word_override
from fracture_core.records import (
    Study,
    Worklist,
    WorklistItem,
    build_studies,
    find_worklist_file,
    override_refusal,
    set_region,
)
from ui.diagnose.address import leave_item, open_item
from ui.diagnose.exam import choose_beside, offer_grouping, show_exam
from ui.diagnose.rows import ORDER
from ui.reading.card import build_reading_facts, show_call, show_notes
from ui.reading.feedback import show_feedback
from ui.reading.meaning import choose_body_part, get_body_part, show_meaning
from ui.reading.opened import OpenedFile, open_path
from ui.reading.refused import show_refusal
from ui.reading.report import Subject, offer_report
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.shared.frame import HISTORY, show_link
from ui.viewer import build_picture, show_viewer


def show_item(worklist: Worklist, items: Sequence[WorklistItem], number: int) -> bool:
    """Show one file; return False where the list has no such file.

    Args:
        items: of the worklist, likely fractures first.
    """
    item = next((item for item in items if item.number == number), None)
    if item is None:
        st.info("This list has no such file. All of it is shown.", icon=":material/info:")
        return False
    _show_steps([each.number for each in items], number)
    study = next(study for study in build_studies(items) if item in study.items)
    with st.container(border=True, key="fx_card_item"):
        if item.status == "failed":
            show_problem(WorklistError("This file could not be read.", item.reason), title=item.name)
        elif item.status != "done":
            st.info(escape_markdown(f"{item.name} is still to be read."), icon=":material/hourglass_empty:")
        else:
            with show_errors("showing a file of a worklist"):
                _show_read(worklist, item, study)
    offer_grouping(item, study, items)
    return True


def _show_steps(numbers: Sequence[int], number: int) -> None:
    # The order of the table as it was last seen; a session that opens the address itself takes the list's own.
    order = st.session_state.get(ORDER, [])
    order = order if number in order else numbers
    place = order.index(number)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fx_steps"):
        st.button("All files", icon=":material/list:", on_click=leave_item, key="to_list")
        for label, icon, target, shortcut in (
            ("Previous", ":material/chevron_left:", place - 1, "Left"),
            ("Next", ":material/chevron_right:", place + 1, "Right"),
        ):
            inside = 0 <= target < len(order)
            st.button(
                label,
                icon=icon,
                on_click=open_item,
                args=(order[target] if inside else number,),
                disabled=not inside,
                key=f"to_{label}",
                shortcut=shortcut,
            )
        st.markdown(f"{place + 1:,} of {len(order):,}", width="content")


def _show_read(worklist: Worklist, item: WorklistItem, study: Study) -> None:
    checkpoint = _find_model(worklist)
    opened = _open(worklist, item, checkpoint)
    if len(study.items) > 1:
        show_exam(item, study)
    beside = choose_beside(item, study)
    if beside:
        _show_views(worklist, [(item, opened), (beside, _open(worklist, beside, checkpoint))])
        findings = st.container()
    else:
        findings, picture = st.columns([9, 11], gap="medium")
        with picture:
            _show_views(worklist, [(item, opened)])
    with findings:
        notices = _show_findings(worklist, item, opened)
    if notices is not None:
        _show_more(worklist, item, opened, notices)
    record = find_item_reading(worklist.id, item.number)
    if record:
        show_link(HISTORY, "This reading in the history", query_params={"reading": record.id})
        show_feedback(record, find_picture(record.id))


def _show_views(worklist: Worklist, views: Sequence[tuple[WorklistItem, OpenedFile]]) -> None:
    pictures = [build_picture(item.name, opened) for item, opened in views]
    # The heatmap of a refused picture is part of its reading, which is not shown.
    shown = [
        replace(picture, heat=None) if item.is_refused else picture
        for picture, (item, _) in zip(pictures, views, strict=True)
    ]
    show_viewer(f"item_{worklist.id}", shown)


def _show_findings(worklist: Worklist, item: WorklistItem, opened: OpenedFile) -> tuple[str, ...] | None:
    """Show what there is to say of a file; return what goes with its reading, None where that is not shown."""
    st.subheader(escape_markdown(item.name), anchor=False)
    if item.is_refused:
        show_refusal(
            str(item.number), item.refusals, lambda who, why: override_refusal(worklist.id, item.number, who, why)
        )
        return None
    notices = (word_override(item.refusals, item.override.who, item.override.why),) if item.override else ()
    show_notes((*item.notes, *notices))
    show_call("item", opened.read.reading)
    choose_body_part(_key(item), opened.read, item.region)
    body_part, _ = get_body_part(_key(item), opened.read)
    if body_part != item.region:
        set_region(worklist.id, item.number, body_part)
    st.html(build_reading_facts(opened.read))
    return notices


def _show_more(worklist: Worklist, item: WorklistItem, opened: OpenedFile, notices: tuple[str, ...]) -> None:
    body_part, said = get_body_part(_key(item), opened.read)
    meaning, report = st.columns([11, 9], gap="medium")
    with meaning:
        show_meaning(opened.read.request.checkpoint, opened.read.reading.call, body_part)
    subject = Subject(_key(item), item.name, lambda: read_file_bytes(_locate(worklist, item)), 0, opened, said, notices)
    with report:
        offer_report(subject)


def _key(item: WorklistItem) -> str:
    return f"{item.worklist_id}_{item.number}"


def _find_model(worklist: Worklist) -> Checkpoint:
    checkpoint = find_checkpoint(worklist.model)
    if checkpoint.manifest.weights_sha256 != worklist.model_sha256:
        raise WorklistError(
            f"The model {worklist.model} has other weights than when this list was read, so that its heatmap cannot be "
            "shown.",
            "The list and its export hold what was read. Make a new list to look at the pictures.",
        )
    return checkpoint


def _open(worklist: Worklist, item: WorklistItem, checkpoint: Checkpoint) -> OpenedFile:
    try:
        return open_path(_locate(worklist, item), checkpoint)
    except FractureError as error:
        raise WorklistError(f"{item.name}: {error.problem}", error.remedy) from error


def _locate(worklist: Worklist, item: WorklistItem) -> Path:
    return find_worklist_file(worklist.id, worklist.folder, item.path)
