"""What a page says where there is nothing to show yet: why, and what to do next."""

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.datasets import KNOWN_DATASETS
from fracture_core.networks import list_checkpoints
from ui.shared.errors import escape_markdown
from ui.shared.frame import RETRAIN, show_link


def show_no_model() -> None:
    """Say that there is no checkpoint, or none that is in use, and how to get one."""
    if list_checkpoints():  # what was promoted has gone, which the top of the page says
        show_empty("No model in use", "Choose one at the top of the page, or roll back to the model before.")
        show_link(RETRAIN, "Roll back")
        return
    folder = escape_markdown(str(get_settings().checkpoints_dir))
    show_empty(
        "No model yet",
        f"There is no checkpoint in {folder}, and no training has finished here. Train one on the "
        "drawn phantoms in a minute or two, or copy a checkpoint folder there.",
    )
    show_link(RETRAIN, "Train a model")


def show_empty(title: str, text: str) -> None:
    """Show a calm box with a title and what to do next."""
    st.info(f"**{title}.** {text}", icon=":material/info:")


def show_no_images(dataset: str) -> None:
    """Say that the pictures of an evaluation are elsewhere, and how to get them."""
    folder = escape_markdown(str(get_settings().data_dir / dataset))
    key = next((key for key, known in KNOWN_DATASETS.items() if known.name == dataset), "")
    get_it = f"fetch it with the command python -m fracture\\_core data fetch {key}, or " if key else ""
    show_empty(
        "The pictures are not on this machine",
        "Figures, plots and list are complete without them. To see the pictures of the data set "
        f"{escape_markdown(dataset)}, {get_it}put it into {folder}, or set FRACTURE\\_DATA\\_DIR to the folder "
        "that holds it.",
    )
