"""Offer to Retrain: judged readings whose pictures are kept become radiographs of the data set ``reviewed``."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from fracture_core.datasets import REVIEWED_DATASET
from fracture_core.failures import HandOver
from fracture_core.records import hand_over_readings, list_handed_over_readings
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import RETRAIN, show_link
from ui.shared.person import get_who
from ui.shared.progress import AuditProgress

_KEPT_KEY = "fx_feedback_handed_over"


def offer_to_retrain(ids: Sequence[str], key: str, label: str = "Offer to Retrain") -> None:
    """Show the button, and what came of it.

    Args:
        ids: of readings.
        key: tells this button from the others of the page.
    """
    is_there = len(ids) == 1 and bool(list_handed_over_readings(ids))
    if st.button(
        "Offer it again" if is_there else label,
        icon=":material/model_training:",
        key=f"fx_offer_{key}",
        disabled=not (get_who() and ids),
        help="Copies the pictures, with the label that most readers give, into the data set reviewed of the page "
        "Retrain. Disputed ones and copies of test radiographs are refused."
        + ("" if get_who() else " Give your name first."),
    ):
        with show_errors("offering readings to Retrain"):
            with AuditProgress() as progress:
                outcome = hand_over_readings(ids, get_who(), lambda done, total: progress("Looking", done, total))
            st.session_state[_KEPT_KEY] = (key, tuple(ids), outcome)
    kept = st.session_state.get(_KEPT_KEY)
    if kept and kept[:2] == (key, tuple(ids)):
        _show_outcome(kept[2])
    elif is_there:
        st.caption(
            "It is in the data set reviewed, with the label that its readers gave when it was offered; offer it again "
            "to bring that up to date."
        )
        show_link(RETRAIN, "Train on it", query_params={"data": REVIEWED_DATASET})


def _show_outcome(outcome: HandOver) -> None:
    """Say how many were taken, and how many were refused for which reason."""
    if outcome.added:
        count = len(outcome.added)
        st.success(
            f"{count:,} {'is' if count == 1 else 'are'} in the data set {REVIEWED_DATASET} now.",
            icon=":material/check:",
        )
        show_link(RETRAIN, "Train on them", query_params={"data": REVIEWED_DATASET})
    for reason, count in Counter(outcome.refused.values()).most_common():
        st.info(f"**{count:,} refused.** {escape_markdown(reason)}", icon=":material/block:")
    for remark in outcome.remarks:
        st.caption(escape_markdown(remark))
