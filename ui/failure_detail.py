"""One misclassified image large: what it is, what was called, where the network looked."""

from html import escape

import streamlit as st

from fracture_core.data.items import LABELS
from fracture_core.errors import IntakeError
from fracture_core.evaluation.records import Prediction
from fracture_core.operating_points import call_of
from ui.calls import WORDS, build_probability_line
from ui.errors import escape_markdown, show_problem
from ui.evaluations import find_item, get_call_points
from ui.figures import word_data
from ui.gallery import Shown, return_to_tiles, select_image
from ui.picture_pane import show_picture
from ui.reading_card import build_facts
from ui.resources import open_path


def show_detail(shown: Shown, failures: list[Prediction], position: int) -> None:
    """Show the failure at ``position`` of the list, with ways to its neighbours and back."""
    failure = failures[position]
    _show_steps(failures, position)
    with st.container(border=True, key="fx_card_detail"):
        facts, picture = st.columns([9, 11], gap="medium")
        with facts:
            _show_facts(shown, failure)
        with picture:
            _show_picture(shown, failure)


def _show_steps(failures: list[Prediction], position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "All failures", icon=":material/grid_view:", on_click=return_to_tiles, args=(position,), key="to_tiles"
        )
        for label, icon, target in (
            ("Previous", ":material/chevron_left:", position - 1),
            ("Next", ":material/chevron_right:", position + 1),
        ):
            inside = 0 <= target < len(failures)
            name = failures[target].name if inside else ""
            st.button(label, icon=icon, on_click=select_image, args=(name,), disabled=not inside, key=f"to_{label}")
        st.caption(f"{position + 1} of {len(failures)}")


def _show_picture(shown: Shown, failure: Prediction) -> None:
    item = find_item(shown.catalog, failure)
    if item is None:
        st.info("The picture is not on this machine.", icon=":material/info:")
        return
    try:
        opened = open_path(item.path, shown.checkpoint)
    except IntakeError as error:
        show_problem(error, title=failure.name)
        return
    show_picture("detail", failure.name, opened, item.boxes)


def _show_facts(shown: Shown, failure: Prediction) -> None:
    points = get_call_points(shown.evaluation)
    call = call_of(failure.p_fracture, points)
    st.subheader(failure.kind.capitalize(), anchor=False)
    st.markdown(
        f"The label is **{LABELS[failure.label]}**; at the balanced operating point, {shown.evaluation.threshold:.2f}, "
        f"the network called it **{LABELS[1 - failure.label]}**.  \np = {failure.p_fracture:.2f}: {WORDS[call]}"
    )
    st.html(build_probability_line(failure.p_fracture, points, call))
    hardware = {True: "visible", False: "none", None: ""}[failure.hardware]
    rows = {
        "File": failure.name,
        "Region": failure.region or "",
        "Views": ", ".join(failure.views),
        "Metal hardware": hardware,
        "Group": failure.group,
        "Data": word_data(shown.evaluation),
    }
    st.html(build_facts({name: escape(value) for name, value in rows.items() if value}))
    st.caption(
        escape_markdown("The call is the one of the evaluation; the heatmap is computed now, from the same file.")
    )
