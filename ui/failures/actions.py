"""The row above the grid: how many there are, what is ticked, what can be done with it, exports."""

from collections.abc import Sequence

import streamlit as st

from fracture_core.failures import FailureEntry
from ui.failures.chosen import choose_on_page, clear_chosen, list_chosen, list_chosen_entries
from ui.failures.export import offer_export
from ui.failures.hand_over import offer_hand_over
from ui.failures.review import show_review_form
from ui.failures.shown import Shown


def show_actions(shown: Shown, on_page: Sequence[FailureEntry], count: str) -> None:
    """Show the row; ``count`` says what the grid holds."""
    chosen = list_chosen_entries(shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fx_actions"):
        st.markdown(count, width="content")
        names = [entry.shown.name for entry in on_page]
        if not list_chosen(shown).issuperset(names):
            st.button(
                "Select this page",
                icon=":material/select_all:",
                type="tertiary",
                key="fx_select_page",
                on_click=choose_on_page,
                args=(shown, names, names),
            )
        if chosen:
            st.button("Select none", type="tertiary", key="fx_select_none", on_click=clear_chosen, args=(shown,))
            with st.popover(f"With the {len(chosen):,} selected", icon=":material/edit:", type="primary"):
                _show_work(shown, chosen)
        offer_export(shown, chosen)


def _show_work(shown: Shown, chosen: list[FailureEntry]) -> None:
    names = [file.name for entry in chosen for file in entry.files]
    if len(names) > len(chosen):
        st.caption(f"{len(chosen):,} radiographs with their copies, {len(names):,} files")
    tags = dict.fromkeys(tag for name in names if name in shown.table.reviews for tag in shown.table.reviews[name].tags)
    known = [count.value for count in shown.facets.get("tags", [])]
    show_review_form(shown.evaluation.dataset, names, "fx_many", tags=tuple(tags), known_tags=known)
    st.divider()
    offer_hand_over(shown, names, "fx_many")
