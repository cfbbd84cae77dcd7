"""The card of one radiograph: its picture, the call, what it means, where it comes from, and the report."""

from html import escape

import streamlit as st

from fracture_core.errors import FractureError
from fracture_core.meaning.body_parts import find_body_part
from fracture_core.reading.predictor import Reading
from fracture_core.registry import Checkpoint
from ui.calls import TONES, WORDS, build_probability_line
from ui.errors import escape_markdown, show_problem
from ui.models import short_hash
from ui.reading_meaning import choose_body_part, show_meaning
from ui.reading_report import Subject, offer_report
from ui.reading_table import offer_table
from ui.resources import OpenedFile, ReadFile, Source, open_source
from ui.viewer import build_picture, show_viewer

DRAWN_NOTICE = (
    "A drawing shows how this page works, not how well the network reads: radiographs look different. "
    "The page Failures says how well it reads."
)


def show_card(source: Source, checkpoint: Checkpoint) -> None:
    """Read one file and show its card; a file that cannot be read gets the problem and the remedy."""
    opened = open_source(source, get_frame(source), checkpoint)
    with st.container(border=True, key="fx_card_0"):
        if isinstance(opened, FractureError):
            show_problem(opened, title=source.name)
            return
        # The call stands left, so that a phone shows it before the picture.
        findings, picture = st.columns([9, 11], gap="medium")
        with findings:
            _show_findings(source, opened, checkpoint)
        with picture:
            show_viewer("0", [build_picture(source.name, opened)])


def get_frame(source: Source) -> int:
    """Return the zero-based frame that is chosen for a file."""
    return int(st.session_state.get(f"frame_{source.key}", 1)) - 1


def _show_findings(source: Source, opened: OpenedFile, checkpoint: Checkpoint) -> None:
    read = opened.read
    st.subheader(escape_markdown(source.name), anchor=False)
    if source.is_drawn:
        st.badge("Drawn phantom, not a patient", icon=":material/draw:", color="gray")
        st.caption(DRAWN_NOTICE)
    show_call("0", read.reading)
    if read.frame_count > 1:
        st.number_input(
            f"Frame, 1 to {read.frame_count}", 1, read.frame_count, key=f"frame_{source.key}", width=180,
            persist_state="page",
        )  # fmt: skip
    stated = read.details.get("body_part", "")
    body_part = choose_body_part(source.key, stated)
    show_meaning(checkpoint, read.reading.call, body_part)
    show_notes(read)
    said = body_part if body_part != find_body_part(stated).word else ""
    offer_report(Subject(source.key, source.name, source.get_bytes, get_frame(source), opened, said), checkpoint)
    offer_table(source.name, read)
    st.html(build_reading_facts(read))


def show_notes(read: ReadFile) -> None:
    """Show what a reader should know of the picture and of the reading."""
    for warning in (*read.warnings, *read.reading.notices):
        st.warning(escape_markdown(warning), icon=":material/info:")


def show_call(key: str, reading: Reading) -> None:
    """Show the call, the probability, and the line that places it against the uncertain zone."""
    with st.container(key=f"fx_call_{TONES[reading.call]}_{key}", gap="xsmall"):
        st.markdown(WORDS[reading.call])
        st.markdown(f"p = {reading.p_fracture:.2f}")
        st.html(build_probability_line(reading.p_fracture, reading.points, reading.call))


def build_reading_facts(read: ReadFile) -> str:
    """Return HTML of where a reading comes from."""
    reading = read.reading
    rows = {
        "Model": f"{escape(reading.model)} <code>{short_hash(reading.model_sha256)}</code>",
        "Time taken": f"{read.elapsed_ms / 1000:.2f} s on {escape(reading.device)}",
        "Source": f"{escape(read.source_type)}, {read.width_px} × {read.height_px} px, {read.bit_depth} bit",
    }
    rows |= {escape(name.replace("_", " ").capitalize()): escape(value) for name, value in read.details.items()}
    return build_facts(rows)


def build_facts(rows: dict[str, str]) -> str:
    """Return HTML of a list of facts; names and values are HTML already."""
    return f'<dl class="fx-facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())}</dl>'
