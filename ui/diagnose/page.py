"""The reading room: one radiograph, or a worklist of many."""

import streamlit as st

from fracture_core.networks import Checkpoint
from ui.diagnose.address import find_worklist_id
from ui.diagnose.examples import find_example, offer_examples
from ui.diagnose.intake import offer_folder, show_recent
from ui.diagnose.pacs_pull import offer_pacs
from ui.diagnose.upload import collect_upload
from ui.diagnose.worklist import read_on, show_worklist
from ui.reading.card import show_card
from ui.reading.opened import Source
from ui.shared.empty_states import show_no_model
from ui.shared.errors import show_errors
from ui.shared.frame import DIAGNOSE, show_frame
from ui.viewer import load_viewer_ahead

MEANING = (
    "p is the network's calibrated probability of a fracture. Below the uncertain zone few fractures are missed, above "
    "it few alarms are false; in between, look closely. "
    "The heatmap shows what raised p. Nothing here replaces your own look at the radiograph."
)


def show_intake(checkpoint: Checkpoint) -> None:
    file = collect_upload(checkpoint)
    offer_examples()
    source = Source(file.file_id, file.name, file.getvalue) if file else find_example()
    if source:
        show_card(source, checkpoint)
        st.caption(MEANING)
        return
    offer_pacs(checkpoint)
    offer_folder(checkpoint)
    show_recent()
    load_viewer_ahead()


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page Diagnose"):
        chosen = show_frame(DIAGNOSE)
        if chosen is None:
            show_no_model()
        else:
            read_on()
            if find_worklist_id():
                show_worklist(find_worklist_id())
            else:
                show_intake(chosen)
