"""What stands first: how often the model is wrong, in which way, and where most."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fracture_core.failures import FailureChanges
from ui.failures.evaluation_view import show_warnings
from ui.failures.shown import Shown
from ui.failures.slices import find_worst_sentence
from ui.shared.errors import escape_markdown
from ui.shared.figures import build_tile, show_figures

_HEADLINE = ("auroc", "sensitivity", "specificity")


def show_summary(shown: Shown) -> DeltaGenerator:
    """Show the counts and the headline figures with their intervals; return the place of the worst part's sentence."""
    evaluation = shown.evaluation
    show_warnings(shown.checkpoint, evaluation)
    kinds = [prediction.kind for prediction in evaluation.predictions]
    missed, alarms = kinds.count("missed fracture"), kinds.count("false alarm")
    lead = build_tile(
        "Called wrongly",
        f"{missed + alarms:,} of {evaluation.n:,}",
        f"{missed:,} missed, {alarms:,} false alarms",
        evaluation.mark,
        "at the balanced operating point",
    )
    show_figures(evaluation, _HEADLINE, lead)
    place = st.empty()
    if shown.against and shown.table.changes:
        st.markdown(escape_markdown(describe_changes(shown.table.changes, shown.against.checkpoint.name)))
    return place


def show_worst(shown: Shown, place: DeltaGenerator) -> None:
    """Name the worst part; the first time it takes a second for 10,000 images, so the grid goes before it."""
    place.markdown(escape_markdown(find_worst_sentence(shown)))


def describe_changes(changes: FailureChanges, other: str) -> str:
    """Return how the failures differ from another model's."""
    return (
        f"Against {other}, on the {changes.compared:,} files both read: {len(changes.fixed):,} of its failures are "
        f"fixed, {len(changes.new):,} are new, {len(changes.still):,} are still wrong."
    )
