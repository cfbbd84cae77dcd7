"""Evaluating the model on another data set from the page."""

import streamlit as st

from fracture_core.data.sources import PHANTOMS, list_datasets
from fracture_core.errors import LeakError
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.registry import Checkpoint
from fracture_core.settings import get_settings
from ui.audit_progress import AuditProgress
from ui.errors import escape_markdown, show_errors
from ui.evaluations import is_trained_on_phantoms, name_evaluation
from ui.gallery_address import EVALUATION, clear_filters, go

_SIDES = {"test": "test", "val": "validation", "train": "training", "all": "all files"}
_HELP = (
    "As the model's training divided the data set; one that it was not trained on is divided afresh, or can be taken "
    "whole. A side that shares radiographs with what was learned from is refused."
)


def offer_evaluation(checkpoint: Checkpoint) -> None:
    """Show the choice of data set and side, and evaluate with a bar that tells the time left."""
    with st.popover("Evaluate another data set", icon=":material/play_arrow:"):
        names = list_datasets()
        name = st.selectbox("Data set", names, key="fx_evaluate_data")
        sides = list(_SIDES)
        first = sides.index("all") if name == PHANTOMS and not is_trained_on_phantoms(checkpoint) else 0
        side = st.selectbox(
            "Side", sides, index=first, format_func=_SIDES.__getitem__, key=f"fx_evaluate_side_{first}", help=_HELP
        )
        published = st.checkbox(
            "As published, whatever leaks", key="fx_evaluate_published", disabled=side == "all",
            help="The side that the data set was published with. Every figure then carries the mark AS PUBLISHED.",
        )  # fmt: skip
        st.caption(f"By {escape_markdown(checkpoint.name)}. Minutes for thousands of radiographs; stay here meanwhile.")
        if st.button("Evaluate", type="primary", key="fx_evaluate"):
            with show_errors(f"evaluating {name}"):
                _evaluate(checkpoint, name, side, published and side != "all")


def _evaluate(checkpoint: Checkpoint, data: str, side: str, published: bool) -> None:
    """Evaluate, keep the result and show it."""
    try:
        with AuditProgress() as progress:
            evaluation = evaluate_dataset(
                checkpoint,
                data,
                split=side,
                as_published=published,
                device=get_settings().device,
                progress=progress,
            )
    except LeakError as error:
        remedy = "Choose another side, or tick “As published”: every figure then carries that mark."
        raise LeakError(error.problem, remedy) from error
    keep_evaluation(checkpoint, evaluation)
    clear_filters()
    go(**{EVALUATION: name_evaluation(evaluation)})
    st.rerun()
