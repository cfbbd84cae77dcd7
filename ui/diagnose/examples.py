"""Drawn examples for where no file is at hand; kept in the address as ``?example=NAME``."""

from typing import Literal

import streamlit as st

from fracture_core.datasets import draw_phantom
from fracture_core.radiographs import Radiograph
from ui.reading.opened import Source
from ui.shared.pictures import encode_png

_PARAM = "example"
_SIZE_PX = 768
_EXAMPLES = {  # title, seed, body part, whether it is broken
    "break": ("A forearm with a break", 11, "forearm", True),
    "intact": ("The same forearm intact", 11, "forearm", False),
    "hand": ("A hand without a break", 4, "hand", False),
}


def offer_examples() -> None:
    """Show one button for each example; a second press takes the example away."""
    chosen = st.query_params.get(_PARAM)
    st.caption("No file at hand? Read a drawn phantom:")
    with st.container(horizontal=True, gap="small"):
        for name, (title, *_) in _EXAMPLES.items():
            kind: Literal["primary", "secondary"] = "primary" if name == chosen else "secondary"
            st.button(title, key=f"example_{name}", type=kind, on_click=_toggle_example, args=(name,))


def _toggle_example(name: str) -> None:
    if st.query_params.get(_PARAM) == name:
        del st.query_params[_PARAM]
    else:
        st.query_params[_PARAM] = name


def find_example() -> Source | None:
    """Return the example that the address names, or None."""
    name = st.query_params.get(_PARAM)
    if name not in _EXAMPLES:
        return None
    title = _EXAMPLES[name][0]
    return Source(f"example-{name}", f"Drawn phantom: {title.lower()}", lambda: _draw(name), is_drawn=True)


@st.cache_data(show_spinner=False)
def _draw(name: str) -> bytes:
    _, seed, region, fractured = _EXAMPLES[name]
    phantom = draw_phantom(seed=seed, region=region, fractured=fractured, size_px=_SIZE_PX)
    return encode_png(Radiograph(phantom.pixels, "PNG").to_uint8())
