"""Several files at once: reading them with a progress bar, a table of all, a CSV file."""

import time
from collections import Counter

import pandas as pd
import streamlit as st

from fracture_core.errors import FractureError
from fracture_core.registry import Checkpoint
from ui.calls import WORDS
from ui.durations import word_duration
from ui.errors import describe_incident
from ui.reading_card import Outcome, get_frame
from ui.resources import ReadFile, Source, get_predictor, read_source

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PROGRESS_EVERY_S = 0.2


def read_sources(sources: list[Source], checkpoint: Checkpoint) -> list[Outcome]:
    """Read all files, one after the other; a bad one does not stop the others.

    Raises:
        FractureError: the checkpoint cannot be loaded, so no file can be read.
    """
    get_predictor(checkpoint)
    outcomes: list[Outcome] = []
    slot = st.empty()
    started_s = shown_s = time.monotonic()
    for done, source in enumerate(sources):
        now_s = time.monotonic()
        if done == 0 or now_s - shown_s > _PROGRESS_EVERY_S:
            slot.progress(done / len(sources), text=_word_progress(done, len(sources), now_s - started_s))
            shown_s = now_s
        outcomes.append(_read(source, checkpoint))
    slot.empty()
    return outcomes


def _read(source: Source, checkpoint: Checkpoint) -> Outcome:
    try:
        return read_source(source, get_frame(source), checkpoint)
    except FractureError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        return describe_incident(error, "reading an uploaded file")


def _word_progress(done: int, total: int, elapsed_s: float) -> str:
    text = f"Reading file {done + 1} of {total}"
    return f"{text}, about {word_duration(elapsed_s / done * (total - done))} left" if done else text


def show_overview(sources: list[Source], outcomes: list[Outcome]) -> None:
    """Show how many files were read, how they were called, and a table of them."""
    readings = [outcome.reading for outcome in outcomes if isinstance(outcome, ReadFile)]
    counts = Counter(reading.call for reading in readings)
    failed = len(outcomes) - len(readings)
    parts = [f"{len(readings)} read", f"{counts['positive']} suspected"]
    if counts["uncertain"]:
        parts.append(f"{counts['uncertain']} uncertain")
    parts.append(f"{counts['negative']} not suspected")
    if failed:
        parts.append(f"{failed} could not be read")
    st.subheader(", ".join(parts), anchor=False)
    rows = [
        {"File": source.name, "Call": WORDS[o.reading.call], "p": o.reading.p_fracture, "Note": ""}
        if isinstance(o, ReadFile)
        else {"File": source.name, "Call": "Not read", "p": None, "Note": o.problem}
        for source, o in zip(sources, outcomes, strict=True)
    ]
    probability = st.column_config.ProgressColumn("p", format="%.2f", min_value=0.0, max_value=1.0)
    height = min(38 + 35 * len(rows), 360)
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config={"p": probability}, height=height)


def build_csv(sources: list[Source], outcomes: list[Outcome]) -> bytes:
    """Return one row for each file; a file that could not be read says so in ``label``."""
    columns = ["file", "label", "call", "p_fracture", "model", "model_sha256", "elapsed_ms"]
    rows = [_csv_row(source, outcome) for source, outcome in zip(sources, outcomes, strict=True)]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False).encode("utf-8")


def _csv_row(source: Source, outcome: Outcome) -> tuple[object, ...]:
    # A spreadsheet would run a name such as "=HYPERLINK(...)".
    name = f"'{source.name}" if source.name.startswith(_FORMULA_STARTS) else source.name
    if isinstance(outcome, FractureError):
        return name, "not read", None, None, None, None, None
    reading = outcome.reading
    return (
        name, reading.label, reading.call, f"{reading.p_fracture:.6f}", reading.model, reading.model_sha256,
        f"{outcome.elapsed_ms:.1f}",
    )  # fmt: skip
