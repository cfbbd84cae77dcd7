"""The frame of every page: name, navigation, what this is, which model is in use.

Streamlit serves a page of ``pages/`` at its own address without running
``streamlit_app.py`` first, so every page draws the frame itself.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from fracture_core import __version__
from fracture_core.networks import Checkpoint
from ui.shared.errors import show_errors
from ui.shared.models import choose_model, link_params, show_model_change, show_model_line

PRODUCT_NAME = "Fracture"
PRODUCT_ROLE = "Support for reading limb radiographs"
SUPPORT_NOTICE = "Supports, and does not replace, a qualified reader."
_STYLE_PATH = Path(__file__).with_name("style.css")
_MARK_PATH = Path(__file__).with_name("mark.svg")


@dataclass(frozen=True)
class Page:
    """One entry of the navigation."""

    path: str
    address: str
    title: str
    icon: str
    lead: str


HOME = Page("streamlit_app.py", "", "Home", ":material/home:", "")
DIAGNOSE = Page(
    "pages/1_Diagnose.py",
    "Diagnose",
    "Diagnose",
    ":material/radiology:",
    "Upload radiographs and see what the network makes of each, and where it looked.",
)
FAILURES = Page(
    "pages/2_Failures.py",
    "Failures",
    "Failures",
    ":material/troubleshoot:",
    "Every test image that the network got wrong, so that you know what to expect of it.",
)
RETRAIN = Page(
    "pages/3_Retrain.py",
    "Retrain",
    "Retrain",
    ":material/model_training:",
    "Train the network again, on your data or with other settings, and watch it learn.",
)
AUDIT = Page(
    "pages/4_Audit.py",
    "Audit",
    "Audit",
    ":material/fact_check:",
    "See what is wrong with a data set, and what figures from it would be worth, before you train on it.",
)
HISTORY = Page(
    "pages/5_History.py",
    "History",
    "History",
    ":material/history:",
    "Every reading, who asked for it, and what people said of it since.",
)
PAGES = (HOME, DIAGNOSE, FAILURES, RETRAIN, AUDIT, HISTORY)


def show_frame(page: Page) -> Checkpoint | None:
    """Draw the header of ``page``; return the checkpoint in use, or None where there is none."""
    title = PRODUCT_NAME if page is HOME else f"{page.title} · {PRODUCT_NAME}"
    st.set_page_config(page_title=title, page_icon=_MARK_PATH, layout="wide", menu_items={"About": _word_about()})
    st.html(_STYLE_PATH)
    with st.container(key="fx_header", horizontal=True, vertical_alignment="center", gap="medium"):
        _show_brand()
        _show_navigation()
    checkpoint = None
    with st.container(key="fx_strip", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<span class="fx-notice">{SUPPORT_NOTICE}</span>', width="content")
        with show_errors("listing the checkpoints"):
            checkpoint = choose_model()
            show_model_line(checkpoint)
    with show_errors("looking for a change of the model in use"):
        show_model_change()
    if page is not HOME:
        st.title(page.title, anchor=False)
        st.html(f'<p class="fx-lead">{escape(page.lead)}</p>')
    return checkpoint


def show_link(page: Page, label: str, *, query_params: dict[str, str] | None = None) -> None:
    """Show a link to a page that keeps the model in use."""
    params = link_params() | (query_params or {})
    try:
        st.page_link(page.path, label=label, icon=page.icon, query_params=params)
    except StreamlitPageNotFoundError:  # the page's file is run on its own, without the app around it
        st.markdown(f"[{label}](/{page.address}{'?' + urlencode(params) if params else ''})")


def _show_navigation() -> None:
    with st.container(key="fx_nav", horizontal=True, vertical_alignment="center", gap="xxsmall", width="content"):
        for page in PAGES:
            show_link(page, page.title)


def _show_brand() -> None:
    with st.container(key="fx_brand", horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.image(_MARK_PATH, width=40, alt="")
        st.html(f'<div class="fx-name">{PRODUCT_NAME}</div><div class="fx-role">{PRODUCT_ROLE}</div>', width="content")


def _word_about() -> str:
    # An entry of our own keeps the menu there, and with it the choice of light or dark.
    return f"**{PRODUCT_NAME}** {__version__}: {PRODUCT_ROLE.lower()}. {SUPPORT_NOTICE}"
