"""What to train: data, recipe and a few settings within sane limits."""

import streamlit as st

from fracture_core.data.sources import PHANTOMS, list_datasets
from fracture_core.reading.devices import list_devices
from fracture_core.runs import TrainingRequest
from fracture_core.training.recipes import RECIPES, Recipe
from ui.errors import escape_markdown

_FIRST_RECIPE = "quick"
_BATCH_SIZES = (4, 8, 16, 32, 64, 128, 256)
_INPUT_SIZES_PX = (64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512)


def collect_request() -> TrainingRequest | None:
    """Show the fields; return what they ask for, or None while no data is chosen."""
    data = _collect_data()
    recipe = _choose_recipe()
    with st.grid(3, min_column_width=150, gap="small"):
        epochs = st.number_input("Epochs", 1, 300, recipe.epochs, key=f"epochs_{recipe.name}")
        learning_rate = st.number_input(
            "Learning rate", 0.00001, 0.1, recipe.learning_rate, step=0.0001, format="%.5f", key=f"rate_{recipe.name}"
        )
        batch_size = _choose_number("Batch size", _BATCH_SIZES, recipe.batch_size, f"batch_{recipe.name}")
        input_size_px = _choose_number("Input size in px", _INPUT_SIZES_PX, recipe.input_size_px, f"size_{recipe.name}")
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed")
        device = st.selectbox("Device", ["auto", *list_devices()], key="device")
    if not data:
        return None
    return TrainingRequest(
        data=data,
        recipe=recipe.name,
        epochs=epochs,
        learning_rate=learning_rate,
        batch_size=batch_size,
        input_size_px=input_size_px,
        seed=seed,
        device=device,
    )


def _collect_data() -> tuple[str, ...]:
    with st.grid(2, min_column_width=260, gap="small"):
        names = st.multiselect(
            "Data", list_datasets(), default=[PHANTOMS], key="data",
            help="Data sets found in the data folder, and the drawn phantoms. Several are trained on together.",
        )  # fmt: skip
        folder = st.text_input(
            "Another folder on this machine", key="folder", placeholder="/path/to/data set",
            help="A folder with the sub-folders \"fractured\" and \"not fractured\", a manifest.csv, or FracAtlas.",
        ).strip()  # fmt: skip
    return (*names, folder) if folder else tuple(names)


def _choose_recipe() -> Recipe:
    name = st.segmented_control(
        "Recipe", list(RECIPES), default=_FIRST_RECIPE, required=True, key="recipe"
    )
    recipe = RECIPES[name or _FIRST_RECIPE]
    st.caption(escape_markdown(recipe.summary))
    return recipe


def _choose_number(title: str, options: tuple[int, ...], default: int, key: str) -> int:
    offered = sorted({*options, default})
    return st.selectbox(title, offered, index=offered.index(default), key=key)
