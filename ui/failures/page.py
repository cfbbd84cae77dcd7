"""Browse what the network got wrong, see the pattern behind it, and work on it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fracture_core.evaluation import Evaluation
from fracture_core.failures import FailureChanges
from fracture_core.networks import Checkpoint
from ui.failures.choice import choose_against, choose_evaluation
from ui.failures.detail import show_detail
from ui.failures.evaluate import offer_evaluation, show_evaluations_at_work
from ui.failures.evaluation_view import show_warnings
from ui.failures.gallery import show_gallery
from ui.failures.pattern import show_pattern
from ui.failures.shown import Against, Shown, gather
from ui.failures.slices import find_worst_sentence
from ui.shared.address import IMAGE, get, read_filters
from ui.shared.empty_states import show_empty, show_no_images, show_no_model
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.shared.evaluations import find_damage
from ui.shared.figures import build_tile, show_figures
from ui.shared.frame import FAILURES, show_frame


def choose(checkpoint: Checkpoint) -> tuple[Evaluation | None, Against | None]:
    if damage := find_damage(checkpoint):
        show_problem(damage)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="fx_choice"):
        evaluation = choose_evaluation(checkpoint)
        against = choose_against(checkpoint, evaluation) if evaluation else None
        offer_evaluation(checkpoint)
    with show_errors("showing evaluations in the background"):
        show_evaluations_at_work(checkpoint)
    return evaluation, against


def show(shown: Shown) -> None:
    is_large = bool(get(IMAGE)) and show_detail(shown)  # one image stands near the top, where it is seen
    if not is_large:
        place = show_summary(shown)
        with show_errors("showing the pattern"):
            show_pattern(shown)
        if shown.catalog is None:
            show_no_images(shown.evaluation.dataset)
        show_gallery(shown)
        with show_errors("naming the worst part"):
            show_worst(shown, place)


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page Failures"):
        chosen = show_frame(FAILURES)
        if chosen is None:
            show_no_model()
        else:
            evaluation, against = choose(chosen)
            if evaluation is None:
                show_empty(
                    "No evaluation yet",
                    "No figures came with this model. Press “Evaluate another data set” above: the drawn phantoms are "
                    "always at hand. The command python -m fracture\\_core evaluate does the same.",
                )
            else:
                show(gather(chosen, evaluation, against, read_filters()))


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
