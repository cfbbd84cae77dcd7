"""Agreement and drift as the pages ask for them: counted once until something new is said."""

from collections.abc import Sequence

import streamlit as st

from fracture_core.networks import Checkpoint
from fracture_core.records import (
    Agreement,
    AgreementBy,
    Drift,
    FeedbackFilters,
    Judged,
    ReaderPair,
    compare_readers,
    count_judged,
    divide,
    find_drift,
    read_judged,
    stamp_feedback,
)
from fracture_core.store import describe_database
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import HISTORY, show_link

_A_DAY_S = 24 * 3600  # what is judged stays, its age does not


def measure(by: AgreementBy) -> list[Agreement]:
    """Return agreement by a property, over all models and times; errors as of ``feedback.agreement``."""
    return _measure(describe_database(), stamp_feedback(), by)


def compare() -> list[ReaderPair]:
    """Return pairs of readers; errors as of ``feedback.readers``."""
    return _compare(describe_database(), stamp_feedback())


def count_and_list(filters: FeedbackFilters) -> tuple[int, list[str]]:
    """Return the number of judged readings, and the reading of each radiograph: one read twice is one radiograph."""
    return _count_and_list(describe_database(), stamp_feedback(), filters)


def get_drift(checkpoint: Checkpoint) -> Drift | None:
    """Return what has moved away from the checkpoint's test figures; errors as of ``feedback.drift``."""
    stamp = (
        checkpoint.manifest.weights_sha256,
        checkpoint.manifest.operating_point.threshold,
        str(checkpoint.directory),
    )
    return _find_drift(describe_database(), stamp_feedback(), stamp, checkpoint)


def show_drift_line(checkpoint: Checkpoint) -> None:
    """Say in one line, on Home, that readers' figures lie apart from the test set's; nothing where they do not."""
    with show_errors("comparing what readers say with the test figures"):
        drift = get_drift(checkpoint)
        if drift:
            st.info(escape_markdown(drift.signs[0].sentence), icon=":material/monitoring:")
            show_link(HISTORY, "See agreement over time", query_params={"tab": "agreement"})


def show_drift(drift: Drift) -> None:
    """Show all that has moved, and how to take it."""
    signs: Sequence[str] = [sign.sentence for sign in drift.signs]
    rest = drift.sentences[len(signs) :]
    lines = [f"**{escape_markdown(drift.checkpoint)} against its test set {escape_markdown(drift.dataset)}**"]
    lines += [f"- {escape_markdown(sentence)}" for sentence in signs]
    st.info("\n".join([*lines, "", escape_markdown(" ".join(rest))]), icon=":material/monitoring:")


@st.cache_data(show_spinner=False, max_entries=4)
def _read(database: str, stamp: tuple[int, int, str]) -> list[Judged]:
    return read_judged()


@st.cache_data(show_spinner=False, max_entries=32)
def _measure(database: str, stamp: tuple[int, int, str], by: AgreementBy) -> list[Agreement]:
    return divide(_read(database, stamp), by)


@st.cache_data(show_spinner=False, max_entries=16)
def _count_and_list(database: str, stamp: tuple[int, int, str], filters: FeedbackFilters) -> tuple[int, list[str]]:
    return count_judged(filters), [each.reading_id for each in read_judged(filters)]


@st.cache_data(show_spinner=False, max_entries=8)
def _compare(database: str, stamp: tuple[int, int, str]) -> list[ReaderPair]:
    return compare_readers()


@st.cache_data(show_spinner=False, max_entries=8, ttl=_A_DAY_S)
def _find_drift(
    database: str, stamp: tuple[int, int, str], model: tuple[str, float, str], _checkpoint: Checkpoint
) -> Drift | None:
    return find_drift(_checkpoint)
