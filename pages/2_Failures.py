"""Browse the test images that the network got wrong."""

import pandas as pd
import streamlit as st

from fracture_core.data.items import LABELS
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.registry import Checkpoint
from ui.calls import WORDS
from ui.empty_states import show_empty, show_no_images, show_no_model
from ui.errors import show_errors
from ui.evaluations import evaluate_phantoms, find_catalog, has_phantoms, list_evaluations
from ui.evaluation_view import show_evaluation
from ui.failure_detail import show_detail
from ui.frame import FAILURES, show_frame
from ui.gallery import Shown, choose_failures, find_selected, is_image_selected, show_tiles

def choose_evaluation(checkpoint: Checkpoint) -> Evaluation | None:
    evaluations = list_evaluations(checkpoint)
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    name = None
    if evaluations:
        name = row.selectbox("Evaluation", list(evaluations), key="evaluation", bind="query-params", width=420)
    if not has_phantoms(evaluations) and row.button("Evaluate on drawn phantoms", icon=":material/play_arrow:"):
        bar = st.progress(0.0, text="Drawing the phantoms")
        evaluate_phantoms(
            checkpoint, lambda what, done, total: bar.progress(done / total, text=f"{what}: {done} of {total}")
        )
        st.rerun()
    if not evaluations:
        show_empty(
            "No evaluation yet",
            "No figures came with this model. Evaluate it on the drawn phantoms, or on a data set of yours "
            "with the command python -m fracture_core evaluate.",
        )
    return evaluations.get(name) if name else None


def show_table(failures: list[Prediction]) -> None:
    rows = [
        {
            "File": failure.name,
            "Kind": failure.kind,
            "Label": LABELS[failure.label],
            "p": failure.p_fracture,
            "Call": WORDS[failure.call] if failure.call else "",
            "Region": failure.region or "",
            "Views": ", ".join(failure.views),
        }
        for failure in failures
    ]
    with st.expander("Table of these failures"):
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def show_gallery(shown: Shown) -> None:
    st.header("What it got wrong", anchor=False)
    failures = choose_failures(shown.evaluation)
    if not failures:
        show_empty("No failures here", "Every image that the filters leave was called rightly.")
        return
    if shown.catalog is None:
        show_no_images(shown.evaluation.dataset)
    position = find_selected(failures)
    if position is not None:
        show_detail(shown, failures, position)
    elif shown.catalog is not None:
        show_tiles(shown, failures)
    show_table(failures)


with show_errors("the page Failures"):
    chosen = show_frame(FAILURES)
    if chosen is None:
        show_no_model()
    elif evaluation := choose_evaluation(chosen):
        if not is_image_selected(evaluation):  # one image stands near the top, where it is seen
            show_evaluation(chosen, evaluation)
        show_gallery(Shown(chosen, evaluation, find_catalog(evaluation.dataset)))
