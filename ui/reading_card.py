"""The card of one file: its picture, the call, the probability, where it comes from."""

from html import escape

import streamlit as st

from fracture_core.errors import FractureError
from fracture_core.reading.predictor import Reading
from fracture_core.registry import Checkpoint
from ui.calls import TONES, WORDS, build_probability_line
from ui.errors import escape_markdown, show_problem
from ui.models import short_hash
from ui.resources import OpenedFile, ReadFile, Source, open_source
from ui.viewer import build_picture, show_viewer

Outcome = ReadFile | FractureError  # of one file
DRAWN_NOTICE = (
    "A drawing shows how this page works, not how well the network reads: radiographs look different. "
    "The page Failures says how well it reads."
)


def show_card(key: str, source: Source, outcome: Outcome, checkpoint: Checkpoint) -> None:
    """Show a file's card; a file that could not be read gets the problem and the remedy."""
    with st.container(border=True, key=f"fx_card_{key}"):
        if isinstance(outcome, FractureError):
            show_problem(outcome, title=source.name)
            return
        # The call stands left, so that a phone shows it before the picture.
        findings, picture = st.columns([9, 11], gap="medium")
        with findings:
            _show_findings(key, source, outcome)
        with picture:
            opened = open_source(source, get_frame(source), checkpoint)
            if isinstance(opened, OpenedFile):
                show_viewer(key, [build_picture(source.name, opened)])


def get_frame(source: Source) -> int:
    """Return the zero-based frame that is chosen for a file."""
    return int(st.session_state.get(f"frame_{source.key}", 1)) - 1


def _show_findings(key: str, source: Source, read: ReadFile) -> None:
    st.subheader(escape_markdown(source.name), anchor=False)
    if source.is_drawn:
        st.badge("Drawn phantom, not a patient", icon=":material/draw:", color="gray")
        st.caption(DRAWN_NOTICE)
    show_call(key, read.reading)
    if read.frame_count > 1:
        st.number_input(
            f"Frame, 1 to {read.frame_count}", 1, read.frame_count, key=f"frame_{source.key}", width=180,
            persist_state="page",  # also while the card is on another page of cards
        )  # fmt: skip
    st.html(_facts(read))
    for warning in (*read.warnings, *read.reading.notices):
        st.warning(escape_markdown(warning), icon=":material/info:")


def show_call(key: str, reading: Reading) -> None:
    """Show the call, the probability, and the line that places it against the uncertain zone."""
    with st.container(key=f"fx_call_{TONES[reading.call]}_{key}", gap="xsmall"):
        st.markdown(WORDS[reading.call])
        st.markdown(f"p = {reading.p_fracture:.2f}")
        st.html(build_probability_line(reading.p_fracture, reading.points, reading.call))


def _facts(read: ReadFile) -> str:
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
