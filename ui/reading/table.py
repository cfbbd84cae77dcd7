"""One reading as a table of one row."""

import pandas as pd
import streamlit as st

from fracture_core.base import quote_cell
from fracture_core.reading import ReadFile
from ui.shared.exports import logged


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
