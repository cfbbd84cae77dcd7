"""One radiograph on the screen, with a heatmap that can be switched and dimmed."""

import streamlit as st

from fracture_core.data.items import Box
from ui.errors import show_errors
from ui.pictures import blend_heatmap, draw_boxes, encode_png
from ui.resources import OpenedFile

_LEGEND = '<div class="fx-heat"><i></i><span>what raised the score, little to much</span></div>'


@st.fragment
def show_picture(key: str, name: str, opened: OpenedFile, boxes: tuple[Box, ...] = ()) -> None:
    """Show the picture; its switches redraw this pane, not the page.

    Args:
        key: tells this pane from the others of the page.
        boxes: marked fractures, in px of the file.
    """
    with show_errors(f"showing {key}"), st.container(key=f"fx_picture_{key}"):
        slot = st.empty()
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            has_heat = st.toggle("Heatmap", value=True, key=f"heat_{key}")
            opacity_percent = st.slider(
                "Heatmap opacity", 10, 100, 50, 5, format="%d %%", key=f"opacity_{key}",
                disabled=not has_heat, label_visibility="collapsed", width=180,
            )  # fmt: skip
            has_boxes = bool(boxes) and st.toggle("Marked fracture", value=True, key=f"boxes_{key}")
        picture = opened.gray
        if has_heat:
            picture = blend_heatmap(picture, opened.heatmap, opacity_percent / 100)
        if has_boxes:
            picture = draw_boxes(picture, boxes, opened.read.width_px)
        slot.image(encode_png(picture), width="stretch", alt=f"Radiograph {name}")
        if has_heat:
            st.html(_LEGEND)
