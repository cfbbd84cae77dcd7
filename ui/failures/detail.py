"""One image large: where the network looked, what it called, what is said of it, and the way to its neighbours."""

import streamlit as st

from fracture_core.base import IntakeError
from fracture_core.evaluation import Prediction
from fracture_core.failures import FailureEntries
from ui.failures.facts import show_facts, show_heading
from ui.failures.grid import TILES_A_PAGE
from ui.failures.nearest import show_nearest
from ui.failures.said import show_said
from ui.failures.shown import Shown
from ui.reading.opened import open_path
from ui.shared.address import IMAGE, PAGE, get, go
from ui.shared.empty_states import show_no_images
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.viewer import build_picture, show_viewer

_PLACE_KEY = "fx_place"  # where the image stood in the list when it was last in it


def show_detail(shown: Shown) -> bool:
    """Show the image that the address names; return False where it names none of this evaluation."""
    name = get(IMAGE)
    if not name:
        return False
    prediction = shown.find_prediction(name)
    if prediction is None:
        st.info(
            escape_markdown(f"This evaluation has no image '{name}'. All that the filters leave is shown."),
            icon=":material/info:",
        )
        return False
    position = _find_position(shown.entries, name)
    entry = shown.entries[position] if position is not None else None
    _show_steps(shown.entries, position)
    if entry is None:
        st.caption("The filters leave this image out, perhaps since what was said of it. Next goes on in the list.")
    with st.container(border=True, key="fx_card_detail"):
        show_heading(shown, prediction)
        picture, facts = st.columns([11, 9], gap="medium")
        with picture, show_errors("showing an image"):
            _show_picture(shown, prediction)
        with facts:
            show_facts(shown, prediction)
            show_said(shown, prediction)
        show_nearest(shown, prediction)
    return True


def _find_position(entries: FailureEntries, name: str) -> int | None:
    position = entries.find(name)
    if position is not None:
        st.session_state[_PLACE_KEY] = position
    return position


def _show_steps(entries: FailureEntries, position: int | None) -> None:
    place = int(st.session_state.get(_PLACE_KEY, 0)) if position is None else position
    # An image that has left the list has made room: the next one stands where it stood.
    steps = (
        ("Previous", ":material/chevron_left:", place - 1, "Left"),
        ("Next", ":material/chevron_right:", place + (position is not None), "Right"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fx_steps"):
        st.button("All images", icon=":material/grid_view:", on_click=return_to_grid, args=(place,), key="to_tiles")
        for label, icon, target, shortcut in steps:
            inside = 0 <= target < len(entries)
            st.button(
                label,
                icon=icon,
                on_click=_step,
                args=(entries[target].shown.name if inside else "",),
                disabled=not inside,
                key=f"to_{label}",
                shortcut=shortcut,
            )
        if position is not None:
            st.markdown(f"{position + 1:,} of {len(entries):,}", width="content")


def _step(name: str) -> None:
    go(**{IMAGE: name})


def return_to_grid(position: int) -> None:
    """Take the image out of the address; the grid opens where the image is."""
    page = position // TILES_A_PAGE + 1
    go(**{IMAGE: None, PAGE: str(page) if page > 1 else None})


def _show_picture(shown: Shown, prediction: Prediction) -> None:
    item = shown.find_item(prediction)
    if item is None and shown.catalog is None:
        show_no_images(shown.evaluation.dataset)
    elif item is None or not item.path.is_file():
        st.info(
            "**The picture has gone.** "
            + escape_markdown(
                f"{prediction.name} is not in {shown.evaluation.dataset} on this machine any more. Put the file back, "
                "or evaluate the data set as it is now."
            ),
            icon=":material/info:",
        )
    else:
        try:
            opened = open_path(item.path, shown.checkpoint)
        except IntakeError as error:
            show_problem(error, title=prediction.name)
            return
        show_viewer("detail", [build_picture(prediction.name, opened, item.boxes)])
