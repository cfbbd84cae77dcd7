"""A report about one reading as PDF and as DICOM objects: made when it is asked for, and not kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.reading import Correction, open_source
from ui.reading.opened import OpenedFile
from ui.shared.errors import show_errors
from ui.shared.exports import logged
from ui.shared.person import ask_who, get_who, keep_who

if TYPE_CHECKING:
    from fracture_core.doors import Report

_ANSWERS = {"Nothing": "", "I agree with the call": "agree", "I do not agree": "disagree"}


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is about.

    Attributes:
        key: tells the file from all others.
        name: as a person knows the file.
        frame: zero-based.
        body_part: as a person says; empty leaves it to the header.
        notices: what is to be said of this reading besides, such as an override.
        correction: of the picture, before it was read.
    """

    key: str
    name: str
    get_bytes: Callable[[], bytes]
    frame: int
    opened: OpenedFile
    body_part: str = ""
    notices: tuple[str, ...] = ()
    correction: Correction = ""


@dataclass(frozen=True)
class _Kind:
    label: str
    suffix: str
    mime: str
    make: Callable[["Report", bytes], bytes]


# What makes them is imported when it is first needed: it takes longer to load than all the rest of the page.
def _make_pdf(report: "Report", _: bytes) -> bytes:
    from fracture_core.doors import render_pdf

    return render_pdf(report)


def _make_capture(report: "Report", data: bytes) -> bytes:
    from fracture_core.doors import build_capture, read_source

    return build_capture(report, read_source(data))


def _make_structured_report(report: "Report", data: bytes) -> bytes:
    from fracture_core.doors import build_structured_report, read_source

    return build_structured_report(report, read_source(data))


_PDF = _Kind("PDF", "pdf", "application/pdf", _make_pdf)
_DICOM = (
    _Kind("Secondary Capture", "sc.dcm", "application/dicom", _make_capture),
    _Kind("Structured Report", "sr.dcm", "application/dicom", _make_structured_report),
)
_FOR_PACS = " For the PACS: the heatmap as a picture, and the reading as coded values, in the study of the radiograph."


def offer_report(subject: Subject) -> None:
    """Ask what the person says to the call, and offer the report in each form."""
    with st.expander("Report", icon=":material/description:"):
        who, answer, note = _ask(subject.key)
        with_name = st.checkbox(
            "Name the file in the PDF", key=f"report_name_{subject.key}", help="A file's name may name a patient."
        )
        kinds = (_PDF, *_DICOM) if subject.opened.read.radiograph.source_type == "DICOM" else (_PDF,)
        said = "\0".join(
            (
                who,
                answer,
                note,
                subject.body_part,
                str(with_name),
                str(subject.frame),
                subject.correction,
                *subject.notices,
            )
        )
        identity = sha256(f"{subject.key}\0{subject.opened.read.fingerprint}\0{said}".encode()).hexdigest()
        with st.container(horizontal=True, gap="small"):
            for kind in kinds:
                _offer(
                    kind,
                    identity,
                    subject.opened.read.radiograph.sha256,
                    lambda: _build(subject, who, answer, note, with_name=with_name),
                )
        if len(kinds) > 1:
            offer_push(
                identity,
                subject.opened.read.radiograph.sha256,
                lambda: _build(subject, who, answer, note, with_name=with_name),
            )
        made_from = "Made from this reading and from what you say here; nothing of it is kept."
        st.caption(made_from + (_FOR_PACS if len(kinds) > 1 else ""))


def _ask(key: str) -> tuple[str, str, str]:
    answer = st.radio("What you say to the call", list(_ANSWERS), horizontal=True, key=f"report_answer_{key}")
    note = st.text_area("Note", key=f"report_note_{key}", max_chars=4000, height=80)
    if answer == "Nothing" and not note.strip():
        return "", "", ""
    who = st.text_input("Your name", value=get_who(), key=f"report_who_{key}", max_chars=64)
    keep_who(who)
    return who, _ANSWERS[answer], note


def _offer(kind: _Kind, identity: str, file_sha256: str, build: Callable[[], tuple["Report", bytes]]) -> None:
    """Show a button that makes the file, and in its place, once made, the one that hands it out."""
    place = f"fx_made_{kind.suffix}"
    made: tuple[str, bytes] | None = st.session_state.get(place)
    if made is not None and made[0] == identity:
        # Neither the file's name nor anything of its header goes into the name.
        st.download_button(
            f"Download {kind.label}",
            logged(file_sha256, lambda: made[1], what="report", kind=kind.suffix),
            f"reading-{identity[:8]}.{kind.suffix}",
            kind.mime,
            type="primary",
            key=f"get_{kind.suffix}",
            icon=":material/download:",
            on_click="ignore",
        )
    elif st.button(f"Prepare {kind.label}", key=f"make_{kind.suffix}", icon=":material/description:"):
        with show_errors(f"making a {kind.label}"):
            with st.spinner(f"Making the {kind.label}", show_time=True):
                st.session_state[place] = (identity, kind.make(*build()))
            st.rerun()


def _build(subject: Subject, who: str, answer: str, note: str, *, with_name: bool) -> tuple["Report", bytes]:
    from fracture_core.doors import Statement, build_report

    data = subject.get_bytes()
    # The pixels were let go of: the picture is opened as it was read, without reading it again.
    read = replace(subject.opened.read, radiograph=open_source(data, subject.opened.read.request))
    report = build_report(
        read.annotate(subject.notices),
        replace(subject.opened.read.reading, heatmap=subject.opened.heatmap),
        subject.opened.read.request.checkpoint,
        at=datetime.now().astimezone(),
        body_part=subject.body_part,
        statement=Statement(who, answer, note) if answer or note.strip() else None,  # type: ignore[arg-type]
        file_name=subject.name if with_name else "",
    )
    return report, data


if TYPE_CHECKING:
    from fracture_core.doors import Report

_SENT = "fx_pacs_sent"


def offer_push(identity: str, file_sha256: str, build: Callable[[], tuple["Report", bytes]]) -> None:
    """Offer to send both objects about a reading; nothing where the settings name no PACS.

    Args:
        identity: changes with what the report says.
        file_sha256: of the radiograph's file, for the audit log.
        build: gives the report, and the file that it is about.
    """
    if not get_settings().pacs_url:
        return
    who = ask_who("push")
    is_sent = st.session_state.get(_SENT) == identity
    label = "Send them once more" if is_sent else "Send SC and SR to the PACS"
    if is_sent:
        st.success("The PACS has the Secondary Capture and the Structured Report.", icon=":material/check:")
    if st.button(label, key="pacs_push", icon=":material/upload:", disabled=not who, help=_word_help(who)):
        with show_errors("sending to the PACS"):
            with st.spinner("Sending to the PACS", show_time=True):
                _send(file_sha256, who, build)
            st.session_state[_SENT] = identity
            st.rerun()


def _send(file_sha256: str, who: str, build: Callable[[], tuple["Report", bytes]]) -> None:
    from fracture_core.doors import make_results, push_objects, tell_push

    report, data = build()
    push_objects(make_results(report, data))
    tell_push(file_sha256, who)


def _word_help(who: str) -> str | None:
    return None if who else "Write your name first: the audit log keeps who sent what."
