"""Home: what this is, the ways in, the model's figures, the limits."""

import streamlit as st

from fracture_core.networks import Checkpoint
from ui.shared.agreement import show_drift_line
from ui.shared.empty_states import show_empty, show_no_model
from ui.shared.errors import show_errors
from ui.shared.evaluations import list_headline_evaluations
from ui.shared.figures import show_figures
from ui.shared.frame import DIAGNOSE, FAILURES, HOME, RETRAIN, Page, show_frame, show_link

LIMITS = """
- It looks for one thing: a fracture. It says nothing about anything else in the picture.
- "No fracture suspected" does not mean that there is none. The failure gallery shows what it missed.
- Figures hold for pictures like those they were measured on. Other bones, other devices, children or
  casts can be read worse, and the app does not notice.
- It is research software and no certified medical device. It supports a qualified reader, who decides.
"""


def _show_entry(page: Page, text: str) -> None:
    with st.container(border=True, key=f"fx_card_{page.address}", height="stretch"):
        st.subheader(page.title, anchor=False)
        st.markdown(text)
        show_link(page, f"Open {page.title}")


def _show_model(checkpoint: Checkpoint) -> None:
    st.header("What the model in use can do", anchor=False)
    evaluations = list_headline_evaluations(checkpoint)
    if not evaluations:
        show_empty(
            "Not evaluated yet",
            "No figures came with this model. Open Failures to evaluate it on the drawn phantoms.",
        )
        return
    for name, evaluation in evaluations.items():
        counts = f"{evaluation.n:,} files of {evaluation.n_groups:,} independent groups"
        st.markdown(f"**{name}**: {counts}, {evaluation.n_fractured:,} fractured")
        show_figures(evaluation)
    st.caption(
        "The range is the 95% interval by bootstrap over independent groups; n counts what the figure is a share of."
    )


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page Home"):
        chosen = show_frame(HOME)
        st.title("A second look at radiographs for fractures", anchor=False)
        st.html(
            '<p class="fx-lead">A network marks radiographs in which it suspects a fracture and shows where '
            "it looked. It runs on this machine; no picture leaves it.</p>"
        )
        with st.grid(3, min_column_width=260):
            _show_entry(
                DIAGNOSE, "Upload one radiograph or many. See the call, the probability and a heatmap for each."
            )
            _show_entry(FAILURES, "Browse the test images that the network got wrong, and its figures with intervals.")
            _show_entry(RETRAIN, "Train the network on a data set of yours or on drawn phantoms, with live curves.")
        if chosen is None:
            show_no_model()
        else:
            _show_model(chosen)
            show_drift_line(chosen)
        st.header("Limits", anchor=False)
        st.markdown(LIMITS)
