"""Browse what the network got wrong, see the pattern behind it, and work on it."""

import streamlit as st

from fracture_core.evaluation import Evaluation
from fracture_core.networks import Checkpoint
from ui.failures.choice import choose_against, choose_evaluation
from ui.failures.detail import show_detail
from ui.failures.evaluate import offer_evaluation, show_evaluations_at_work
from ui.failures.gallery import show_gallery
from ui.failures.pattern import show_pattern
from ui.failures.shown import Against, Shown, gather
from ui.failures.summary import show_summary, show_worst
from ui.shared.address import IMAGE, get, read_filters
from ui.shared.empty_states import show_empty, show_no_images, show_no_model
from ui.shared.errors import show_errors, show_problem
from ui.shared.evaluations import find_damage
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
