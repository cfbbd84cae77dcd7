"""Train on these next: reviewed radiographs go to Retrain; never those of the frozen test side."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from fracture_core.datasets import REVIEWED_DATASET
from fracture_core.failures import HandOver, hand_over_images
from ui.failures.shown import Shown
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import RETRAIN, show_link
from ui.shared.person import get_who
from ui.shared.progress import AuditProgress

_KEPT_KEY = "fx_handed_over"
_MOST_NAMED = 5


def offer_hand_over(shown: Shown, names: Sequence[str], key: str) -> None:
    """Show the button, and what came of it."""
    if st.button(
        "Train on these next" if len(names) > 1 else "Train on this next",
        icon=":material/model_training:",
        key=f"{key}_hand_over",
        disabled=not (get_who() and names),
        help="Copies them, with the label that was proposed where there is one, into the data set reviewed of the page "
        "Retrain. Radiographs of the test side are refused.",
    ):
        with show_errors("handing radiographs over to Retrain"):
            with AuditProgress() as progress:
                outcome = hand_over_images(
                    shown.evaluation.dataset, names, get_who(), lambda done, total: progress("Looking", done, total)
                )
            st.session_state[_KEPT_KEY] = (tuple(names), outcome)
    kept = st.session_state.get(_KEPT_KEY)
    if kept and kept[0] == tuple(names):
        show_outcome(kept[1])


def show_outcome(outcome: HandOver) -> None:
    """Say how many were taken, and which were refused for which reason."""
    if outcome.added:
        count = len(outcome.added)
        st.success(
            f"{count:,} {'is' if count == 1 else 'are'} in the data set {REVIEWED_DATASET} now.",
            icon=":material/check:",
        )
        show_link(RETRAIN, "Train on them", query_params={"data": REVIEWED_DATASET})
    reasons = Counter(outcome.refused.values())
    for reason, count in reasons.most_common():
        named = [name for name, of_name in outcome.refused.items() if of_name == reason]
        more = f" and {count - _MOST_NAMED:,} more" if count > _MOST_NAMED else ""
        st.info(
            f"**{count:,} refused.** " + escape_markdown(f"{reason} ({', '.join(named[:_MOST_NAMED])}{more})"),
            icon=":material/block:",
        )
