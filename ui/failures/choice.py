"""Which evaluation the gallery shows, and which other model stands beside it."""

import streamlit as st

from fracture_core.evaluation import Evaluation
from fracture_core.networks import Checkpoint, list_checkpoints
from ui.failures.shown import Against, find_against
from ui.shared.address import AGAINST, EVALUATION, clear_filters, get, go
from ui.shared.errors import escape_markdown
from ui.shared.evaluations import list_evaluations, name_evaluation
from ui.shared.figures import word_data

_NONE = ""


def choose_evaluation(checkpoint: Checkpoint) -> Evaluation | None:
    """Return the evaluation that the address names, else the first; None where there is none."""
    evaluations = {name_evaluation(item): item for item in list_evaluations(checkpoint).values()}
    if not evaluations:
        return None
    asked = get(EVALUATION)
    if asked and asked not in evaluations:
        st.info(
            escape_markdown(
                f"{checkpoint.name} has no evaluation '{asked}' on this machine; another one is shown. "
                "It can be made with “Evaluate another data set”."
            ),
            icon=":material/info:",
        )
    name = asked if asked in evaluations else next(iter(evaluations))
    st.session_state["fx_evaluation"] = name  # the address decides, also after the browser's back button
    st.selectbox(
        "Evaluation",
        list(evaluations),
        key="fx_evaluation",
        width=380,
        on_change=_take_evaluation,
        label_visibility="collapsed",
        format_func=lambda name: word_data(evaluations[name]),
    )
    return evaluations[name]


def choose_against(checkpoint: Checkpoint, evaluation: Evaluation) -> Against | None:
    """Return the model to compare with, where the address names one that read the same side."""
    others = find_against(list_checkpoints(), checkpoint, evaluation)
    asked = get(AGAINST)
    name = asked if asked in others else _NONE
    if asked and not name and asked != checkpoint.name:
        st.toast(
            escape_markdown(f"{asked} was not evaluated on {name_evaluation(evaluation)} on this machine."),
            icon=":material/info:",
        )
    if not others:
        return None
    st.session_state["fx_against"] = name
    st.selectbox(
        "Compare with",
        [_NONE, *others],
        key="fx_against",
        width=290,
        on_change=_take_against,
        format_func=lambda name: f"Compared with {name}" if name else "Compare with another model",
        label_visibility="collapsed",
    )
    return others.get(name)


def _take_evaluation() -> None:
    clear_filters(keep=("show",))  # regions and tags of one data set mean nothing in another
    go(**{EVALUATION: st.session_state["fx_evaluation"]})


def _take_against() -> None:
    go(**{AGAINST: st.session_state["fx_against"]})
    if not st.session_state["fx_against"]:
        go(changes=None)
