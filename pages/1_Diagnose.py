"""Upload radiographs and read them."""

import streamlit as st

from fracture_core.registry import Checkpoint
from fracture_core.settings import get_settings
from ui.batch import build_csv, read_sources, show_overview
from ui.empty_states import show_no_model
from ui.errors import show_errors
from ui.examples import find_example, offer_examples
from ui.frame import DIAGNOSE, show_frame
from ui.reading_card import Outcome, show_card
from ui.resources import Source
from ui.viewer import load_viewer_ahead

CARDS_A_PAGE = 6
MEANING = (
    "p is the network's calibrated probability of a fracture. Below the uncertain zone few fractures are missed, above "
    "it few alarms are false; in between, look closely. "
    "The heatmap shows what raised p. Nothing here replaces your own look at the radiograph."
)


def collect_sources() -> list[Source]:
    limit_mb = get_settings().max_file_bytes // 1024**2
    files = st.file_uploader(
        "Radiographs: JPEG, PNG, TIFF or DICOM, one or many",
        accept_multiple_files=True,  # any name goes: the content decides what a file is
        max_upload_size=limit_mb,
        key="uploads",
    )
    offer_examples()
    sources = [Source(file.file_id, file.name, file.getvalue) for file in files]
    example = find_example()
    return [example, *sources] if example else sources


def show_results(sources: list[Source], checkpoint: Checkpoint) -> None:
    outcomes = read_sources(sources, checkpoint)
    if len(sources) > 1:
        show_overview(sources, outcomes)
        offer_csv(sources, outcomes)
    st.caption(MEANING)
    page_count = -(-len(sources) // CARDS_A_PAGE)
    page = st.pagination(page_count, key="cards_page") if page_count > 1 else 1
    first = (page - 1) * CARDS_A_PAGE
    for number in range(first, min(first + CARDS_A_PAGE, len(sources))):
        show_card(str(number), sources[number], outcomes[number], checkpoint)
    if len(sources) == 1:
        offer_csv(sources, outcomes)


def offer_csv(sources: list[Source], outcomes: list[Outcome]) -> None:
    st.download_button(
        "Download the results as CSV",
        build_csv(sources, outcomes),
        "readings.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


with show_errors("the page Diagnose"):
    chosen = show_frame(DIAGNOSE)
    if chosen is None:
        show_no_model()
    else:
        load_viewer_ahead()
        if found := collect_sources():
            show_results(found, chosen)
