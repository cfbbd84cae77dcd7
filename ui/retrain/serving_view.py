"""Which model is in use, how it came about, and the buttons that change it."""

from typing import TypeVar

import pandas as pd
import streamlit as st

from fracture_core.base import PromotionError
from fracture_core.evaluation import LEAST_FORCED_REASON, GateReport, promote_checkpoint, roll_back_promotion
from fracture_core.networks import ServingRecord, find_served_model, list_earlier_models, list_serving_history
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.person import get_who, keep_who

_ACTIONS = {"promote": "promoted", "rollback": "rolled back to"}
_SHOWN_KEY = "fx_gate_shown"
_T = TypeVar("_T")
_FORCE = "Promote it against the verdict"


def offer_promotion(report: GateReport) -> None:
    """Ask for a name and a reason, and promote; against the verdict only with a tick and a longer reason."""
    st.markdown("**Take it into use**")
    needs_force = report.verdict.needs_force
    seen_candidate, seen_champion = _recall("promote", (report.candidate_sha256, report.champion_sha256))
    with st.form("gate_promote", border=False):
        who, reason = _ask_who_and_why(
            "promote", f"Why, in {LEAST_FORCED_REASON} characters at least" if needs_force else "Why"
        )
        force = needs_force and st.checkbox(_FORCE, key="promote_force")
        is_pressed = st.form_submit_button("Promote", type="primary", icon=":material/publish:", key="promote")
    st.caption(
        "Everyone's next reading is then made by it, and open pages say so. It can be taken back at any time."
        if not needs_force
        else "The verdict speaks against it. It is promoted only if you tick the box and write why; the history keeps "
        "both."
    )
    if is_pressed:
        with show_errors("promoting a model"):
            if seen_candidate != report.candidate_sha256:
                raise PromotionError(
                    f"The page has moved on to '{report.candidate}' since you looked. Nothing was changed.",
                    "See how that one stands, or choose yours among the runs, and decide anew.",
                )
            keep_who(who)
            promote_checkpoint(report.candidate, who=who, reason=reason, force=force, seen=seen_champion)
            st.rerun()


def show_serving() -> None:
    """Show which model is in use, offer to roll back, and the history."""
    served, history = find_served_model(), list_serving_history()
    st.header("Which model is in use", anchor=False)
    if not history:
        st.markdown(f"**{escape_markdown(served.name)}**, by the settings; nothing was promoted yet.")
        return
    st.markdown(f"**{escape_markdown(served.name)}** since {word_moment(history[-1].at)}")
    _offer_roll_back(_recall("rollback", served.sha256))
    with st.expander(f"History ({len(history):,})", icon=":material/history:"):
        st.dataframe(pd.DataFrame([_build_row(record) for record in reversed(history)]), hide_index=True)


def _offer_roll_back(seen: str) -> None:
    earlier = list_earlier_models()
    if not earlier:
        st.caption("There is no model before it to roll back to.")
        return
    with st.form("gate_roll_back", border=False):
        who, reason = _ask_who_and_why("rollback", f"Why back to {escape_markdown(earlier[0].name)}")
        is_pressed = st.form_submit_button("Roll back", icon=":material/undo:", key="rollback")
    st.caption("The model before comes into use again; rolling back once more goes one further back.")
    if is_pressed:
        with show_errors("rolling back"):
            keep_who(who)
            roll_back_promotion(who=who, reason=reason, seen=seen)
            st.rerun()


def _recall(what: str, present: _T) -> _T:
    """Return what this session was shown before: who presses a button decided on that, not on what is drawn now."""
    shown: dict[str, _T] = st.session_state.setdefault(_SHOWN_KEY, {})
    before, shown[what] = shown.get(what, present), present
    return before


def _ask_who_and_why(key: str, why: str) -> tuple[str, str]:
    left, right = st.columns([1, 2], gap="small")
    who = left.text_input("Your name", value=get_who(), key=f"{key}_who", max_chars=120)
    return who, right.text_input(why, key=f"{key}_reason", max_chars=2000)


def _build_row(record: ServingRecord) -> dict[str, object]:
    return {
        "When (UTC)": f"{record.at:%Y-%m-%d %H:%M}",
        "What": _ACTIONS[record.action],
        "Model": record.checkpoint,
        "Instead of": record.previous,
        "By": record.who,
        "Reason": record.reason,
        "Verdict": f"{record.verdict}, forced" if record.forced else record.verdict,
    }
