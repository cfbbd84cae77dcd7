"""Mounts the viewer: a Streamlit component (v2) around the bundle in dist/."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime

from ui.viewer.picture import SentHeat, ViewerPicture

_PACKED = "application/gzip"  # which the server does not compress once more
_BUNDLE = Path(__file__).with_name("dist") / "viewer.js"
# Streamlit sends this with every mount, so it only fetches the bundle, which the browser then keeps.
_LOADER = """
export default function (component) {
  const bundle = new URL(component.data.bundle, document.baseURI).href;
  const shown = import(bundle).then((viewer) => viewer.default(component));
  return () => shown.then((close) => close?.());
}
"""
_viewer = st.components.v2.component("fracture_viewer", js=_LOADER)


def show_viewer(key: str, pictures: Sequence[ViewerPicture], *, height_px: int = 640) -> None:
    """Show one picture, or two side by side.

    Window, zoom and layers are the browser's alone: changing them runs nothing here, and a rerun leaves them be.

    Args:
        key: tells this viewer from the others of the page.
        pictures: one or two.
        height_px: of a picture; less in a low window.
    """
    described = [_describe(key, number, picture) for number, picture in enumerate(pictures)]
    _mount(key, {"height": height_px, "pictures": described})


def load_viewer_ahead() -> None:
    """Let the browser fetch the viewer before there is a picture; takes no room on the page."""
    with st.container(key="fx_ahead"):
        _mount("ahead", {"pictures": []})


def _mount(key: str, data: dict[str, Any]) -> None:
    bundle = _serve(_read_bundle(), "text/javascript", f"fx_viewer_{key}_bundle", _hash_bundle())
    _viewer(key=f"fx_viewer_{key}", data={"key": key, "bundle": bundle, **data})


def _describe(key: str, number: int, picture: ViewerPicture) -> dict[str, Any]:
    sent, heat = picture.pixels, picture.heat
    place = f"fx_viewer_{key}_{number}"
    return {
        "id": sent.sha256[:32],
        "name": picture.name,
        "address": _serve(sent.packed, _PACKED, f"{place}_pixels", sent.sha256),
        "kind": sent.kind,
        "width": sent.width_px,
        "height": sent.height_px,
        "shrink": sent.shrink,
        "spacing": sent.spacing_mm,
        "calibrated": sent.is_spacing_calibrated,
        "slope": sent.slope,
        "intercept": sent.intercept,
        "low": sent.low,
        "high": sent.high,
        "sigmoid": sent.is_sigmoid,
        "inverted": sent.is_inverted,
        "notes": sent.notes,
        "heat": heat and _describe_heat(heat, f"{place}_heat"),
        "boxes": [[box.x, box.y, box.width, box.height] for box in picture.boxes],
    }


def _describe_heat(heat: SentHeat, place: str) -> dict[str, Any]:
    address = _serve(heat.packed, _PACKED, place, heat.sha256)
    return {"address": address, "kind": "uint8", "width": heat.width_px, "height": heat.height_px}


@cache
def _read_bundle() -> bytes:
    return _BUNDLE.read_bytes()


@cache
def _hash_bundle() -> str:
    return sha256(_read_bundle()).hexdigest()


def _serve(data: bytes, mimetype: str, place: str, name: str) -> str:
    """Return the address of data that Streamlit serves while this session shows it, as it does for `st.image`.

    Args:
        data, mimetype: what is served.
        place: of the page; what was served there before is let go.
        name: a hash of all of the data. Streamlit's own looks at parts of a large file only.
    """
    address = runtime.get_instance().media_file_mgr.add(data, mimetype, place, file_name=name)
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{address}" if base else address
