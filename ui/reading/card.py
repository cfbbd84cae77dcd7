"""The card of one radiograph: its picture, the call, what it means, where it comes from, and the report."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from fracture_core.base import FractureError, SuitabilityError, quote_cell
from fracture_core.networks import Checkpoint
from fracture_core.reading import Correction, Override, ReadFile, Reading, decide_override, find_picture, word_override
from ui.reading.feedback import show_feedback
from ui.reading.meaning import choose_body_part, get_body_part, show_meaning
from ui.reading.opened import OpenedFile, Source, open_source
from ui.reading.record import show_record
from ui.reading.refused import show_refusal
from ui.reading.report import Subject, offer_report
from ui.shared.calls import TONES, WORDS, build_probability_line
from ui.shared.errors import escape_markdown, show_problem
from ui.shared.exports import logged
from ui.shared.models import short_hash
from ui.viewer import build_picture, show_viewer

_CORRECTIONS: dict[Correction, str] = {
    "invert": "Read it inverted",
    "brighten": "Read it with its brightness stretched",
    "darken": "Read it darker",
}
DRAWN_NOTICE = (
    "A drawing shows how this page works, not how well the network reads: radiographs look different. "
    "The page Failures says how well it reads."
)


def show_card(source: Source, checkpoint: Checkpoint) -> None:
    """Read one file, show its card, and keep the reading in the history, but for the drawn examples.

    A file that cannot be read gets the problem and the remedy.
    """
    opened = open_source(source, _get_frame(source), checkpoint, _get_correction(source))
    with st.container(border=True, key="fx_card_0"):
        if isinstance(opened, FractureError):
            show_problem(opened, title=source.name)
            return
        try:
            # The call stands left, so that a phone shows it before the picture.
            findings, picture = st.columns([9, 11], gap="medium")
            with findings:
                notices = _show_findings(source, opened)
            with picture:
                shown = build_picture(source.name, opened)
                # The heatmap is part of the reading.
                show_viewer("0", [replace(shown, heat=None) if notices is None else shown])
            if notices is not None:
                _show_more(source, opened, notices)
        finally:  # also of whoever goes elsewhere before all is shown
            opened.keeping.keep()
        # Last: whoever waits for the database sees the reading meanwhile.
        record = show_record(opened.keeping)
        if record:
            show_feedback(record, find_picture(record.id))


def _show_more(source: Source, opened: OpenedFile, notices: tuple[str, ...]) -> None:
    """Show what the call means, and offer the report."""
    body_part, said = get_body_part(source.key, opened.read)
    meaning, report = st.columns([11, 9], gap="medium")
    with meaning:
        show_meaning(opened.read.request.checkpoint, opened.read.reading.call, body_part)
    with report:
        frame, correction = _get_frame(source), _get_correction(source)
        subject = Subject(source.key, source.name, source.get_bytes, frame, opened, said, notices, correction)
        offer_report(subject)
        offer_table(source.name, opened.read)


def _get_frame(source: Source) -> int:
    """Return the zero-based frame that is chosen for a file."""
    return int(st.session_state.get(f"frame_{source.key}", 1)) - 1


def _get_correction(source: Source) -> Correction:
    correction: Correction = st.session_state.get(f"correction_{source.key}", "")
    return correction


def _show_findings(source: Source, opened: OpenedFile) -> tuple[str, ...] | None:
    """Show what there is to say of a file; return what goes with its reading, None where that is not shown."""
    read, frame = opened.read, _get_frame(source)
    st.subheader(escape_markdown(source.name), anchor=False)
    if source.is_drawn:
        st.badge("Drawn phantom, not a patient", icon=":material/draw:", color="gray")
        st.caption(DRAWN_NOTICE)
    _offer_frames(source, read)
    place = f"override_{source.key}_{frame}_{_get_correction(source)}"
    overridden: Override | None = st.session_state.get(place)
    refusals = () if source.is_drawn else read.suitability.list_words("refused")
    if refusals and overridden is None:
        show_refusal("0", refusals, lambda who, why: _keep(place, opened, who, why))
        _offer_correction(source, read.suitability.correction)
        return None
    notices = (word_override(refusals, overridden.by, overridden.why),) if overridden else ()
    show_notes(notices if source.is_drawn else (*notices, *read.suitability.list_words("look")))
    if not source.is_drawn:
        _offer_correction(source, read.suitability.correction)
    show_call("0", read.reading)
    choose_body_part(source.key, read)
    show_notes((*read.radiograph.warnings, *read.reading.notices))
    st.html(build_reading_facts(read))
    return notices


def _keep(place: str, opened: OpenedFile, who: str, why: str) -> None:
    if not who.strip():
        raise SuitabilityError("Nobody is named who wants it read.", "Write your name; it is kept with the reading.")
    decision = decide_override(opened.read.suitability, by=who, why=why)
    opened.keeping.override(decision)
    st.session_state[place] = decision


def _offer_frames(source: Source, read: ReadFile) -> None:
    if read.radiograph.frame_count > 1:
        st.number_input(
            f"Frame, 1 to {read.radiograph.frame_count}",
            1,
            read.radiograph.frame_count,
            key=f"frame_{source.key}",
            width=180,
            persist_state="page",
        )


def _offer_correction(source: Source, proposed: Correction) -> None:
    """Let a person read the picture corrected as the gate proposes, and take that back."""
    present = _get_correction(source)
    if present or proposed:
        label = "Read it as it is" if present else _CORRECTIONS[proposed]
        value = "" if present else proposed
        st.button(
            label,
            key="correct",
            icon=":material/invert_colors:",
            on_click=st.session_state.update,
            args=({f"correction_{source.key}": value},),
        )


def show_notes(notes: Iterable[str]) -> None:
    """Show what a reader should know of the picture and of the reading."""
    for note in notes:
        st.warning(escape_markdown(note), icon=":material/info:")


def show_call(key: str, reading: Reading) -> None:
    """Show the call, the probability, and the line that places it against the uncertain zone."""
    with st.container(key=f"fx_call_{TONES[reading.call]}_{key}", gap="xsmall"):
        st.markdown(WORDS[reading.call])
        st.markdown(f"p = {reading.p_fracture:.2f}")
        st.html(build_probability_line(reading.p_fracture, reading.points, reading.call))


def build_reading_facts(read: ReadFile) -> str:
    """Return HTML of where a reading comes from."""
    reading, picture = read.reading, read.radiograph
    rows = {
        "Model": f"{escape(reading.model)} <code>{short_hash(reading.model_sha256)}</code>",
        "Time taken": f"{read.elapsed_ms / 1000:.2f} s on {escape(reading.device)}",
        "Source": f"{escape(picture.source_type)}, {picture.width_px} × {picture.height_px} px, "
        f"{picture.bit_depth} bit",
    }
    rows |= {escape(name.replace("_", " ").capitalize()): escape(value) for name, value in picture.details.items()}
    return build_facts(rows)


def build_facts(rows: dict[str, str]) -> str:
    """Return HTML of a list of facts; names and values are HTML already."""
    return f'<dl class="fx-facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())}</dl>'


def offer_table(name: str, read: ReadFile) -> None:
    """Offer a reading as a CSV file."""
    st.download_button(
        "Download CSV",
        logged(read.radiograph.sha256, lambda: build_csv(name, read), what="reading"),
        "reading.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="get_csv",
    )


def build_csv(name: str, read: ReadFile) -> bytes:
    """Return a header and a row; a name that a spreadsheet would run as a formula gets an apostrophe."""
    reading = read.reading
    row = {
        "file": quote_cell(name),
        "label": reading.label,
        "call": reading.call,
        "p_fracture": f"{reading.p_fracture:.6f}",
        "model": reading.model,
        "model_sha256": reading.model_sha256,
        "elapsed_ms": f"{read.elapsed_ms:.1f}",
    }
    return str(pd.DataFrame([row]).to_csv(index=False)).encode("utf-8")
