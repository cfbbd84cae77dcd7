"""A page with nothing but viewers, for tests/browser/test_viewer.py: drawn pictures whose every value is known."""

import numpy as np
import streamlit as st

from fracture_core.datasets.layouts.items import Box
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dicom
from ui.viewer import ViewerPicture, show_viewer
from ui.viewer.picture import pack_heatmap
from ui.viewer.pixels import KeptPixels

SIDE_PX = 512
SPACING_MM = 0.2
RAMP = (30_000, 30_100)  # less than half a step of an 8-bit copy through the file's window
WINDOW = (30_050, 30_000)


def draw(number: int = 0) -> np.ndarray:
    """Return ``(512, 512)`` uint16: a ramp over the middle rows, black above, white below."""
    values = np.zeros((SIDE_PX, SIDE_PX), np.uint16)
    values[128:384] = np.linspace(*RAMP, SIDE_PX).astype(np.uint16)
    values[384:] = 65_535
    values[:, :8] += np.uint16(number)  # makes it another picture
    return values


def build(name: str, number: int = 0) -> ViewerPicture:
    data = build_dicom(
        draw(number),
        BitsStored=16,
        HighBit=15,
        WindowCenter=WINDOW[0],
        WindowWidth=WINDOW[1],
        ImagerPixelSpacing=[SPACING_MM, SPACING_MM],
    )
    heat = np.zeros((64, 64), np.float32)
    heat[8:24, 8:24] = 1.0
    pixels = KeptPixels(read_radiograph(data)).encode()
    return ViewerPicture(name, pixels, pack_heatmap(heat), (Box(100, 200, 60, 40),))


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    st.button("Run again")
    st.text_input("A note", key="note")
    number = st.number_input("Picture", 0, 100, key="number")
    if st.checkbox("Show", value=True):
        show_viewer("one", [build("drawn.dcm", int(number))], height_px=512)
    if st.checkbox("Two"):
        show_viewer("two", [build("left.dcm"), build("right.dcm", 1)], height_px=400)
