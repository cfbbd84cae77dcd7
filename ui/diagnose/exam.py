"""Several views of one exam: their call together, which one stands beside, and putting views together by hand."""

from collections.abc import Sequence

import streamlit as st

from fracture_core.base import WorklistError
from fracture_core.records import Study, WorklistItem, group_by_hand, set_apart
from ui.diagnose.address import open_item
from ui.diagnose.filters import word_state
from ui.shared.calls import TONES, WORDS
from ui.shared.errors import escape_markdown


def show_exam(item: WorklistItem, study: Study) -> None:
    """Show the call of an exam of several views, and the way to each view."""
    how = "by the header" if item.study_by == "header" else "put together by hand"
    st.caption(f"One of {len(study.items)} views of exam {study.number}, {how}")
    if study.call and study.p_fracture is not None:
        with st.container(key=f"fx_exam_{TONES[study.call]}", gap="xsmall"):
            st.markdown(f"Exam: {WORDS[study.call]}, p = {study.p_fracture:.2f}")
        st.caption("The call of the views together: the gravest of them, with the highest probability.")
    if study.unread:
        st.caption(f"Without {study.unread} of the views: refused, not readable, or still to be read.")
    for other in study.items:
        if other.number != item.number:
            st.button(
                escape_markdown(f"{other.name}: {word_state(other)}"),
                key=f"view_{other.number}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=open_item,
                args=(other.number,),
            )


def choose_beside(item: WorklistItem, study: Study) -> WorklistItem | None:
    """Return the view that is shown beside an item; None where there is none, or the person wants none."""
    others = {other.number: other for other in study.items if other.status == "done" and other.number != item.number}
    if not others:
        return None
    chosen = st.selectbox(
        "Beside it",
        [*others, None],
        key=f"beside_{item.worklist_id}_{item.number}",
        width=360,
        format_func=lambda number: others[number].name if number else "nothing",
    )
    return others.get(chosen) if chosen else None


def offer_grouping(item: WorklistItem, study: Study, items: Sequence[WorklistItem]) -> None:
    """Let a person say which files are views of the same exam."""
    names = {other.number: other.name for other in sorted(items, key=lambda each: each.number)}
    others = [number for number in names if number not in {each.number for each in study.items}]
    with st.expander("Views of one exam", icon=":material/join:"):
        st.caption(
            "Views of one exam are read together: positive if one of them is, and the highest probability counts."
        )
        chosen = st.multiselect(
            "Also views of this exam",
            others,
            format_func=lambda number: f"{number}. {names[number]}",
            key=f"group_{item.number}",
        )
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Put together",
                icon=":material/join:",
                key="group",
                disabled=not chosen,
                on_click=_group,
                args=(item.worklist_id, (item.number, *chosen)),
            )
            if len(study.items) > 1:
                st.button(
                    "Take this file out",
                    icon=":material/call_split:",
                    key="set_apart",
                    on_click=set_apart,
                    args=(item.worklist_id, item.number),
                )


def _group(worklist_id: str, numbers: Sequence[int]) -> None:
    try:
        group_by_hand(worklist_id, numbers)
    except WorklistError as error:
        st.toast(escape_markdown(str(error)), icon=":material/info:")
