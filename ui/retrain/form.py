"""What to train: data, recipe and a few settings within sane limits."""

from typing import Any

import streamlit as st

from fracture_core.reading import list_devices
from fracture_core.training import AUGMENTATIONS, RECIPES, Recipe, TrainingRequest
from ui.retrain.data import collect_data
from ui.retrain.rest import collect_rest
from ui.shared.errors import escape_markdown

_FIRST_RECIPE = "quick"
_BATCH_SIZES = (4, 8, 16, 32, 64, 128, 256)
_INPUT_SIZES_PX = (64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512)


def collect_request() -> TrainingRequest | None:
    """Show the fields; return what they ask for, or None while no data is chosen."""
    data = collect_data()
    recipe = _choose_recipe()
    settings = _collect_settings(recipe)
    with st.expander("More settings"):
        settings |= collect_rest(recipe)
    return TrainingRequest(data=data, recipe=recipe.name, **settings) if data else None


def _collect_settings(recipe: Recipe) -> dict[str, Any]:
    with st.grid(4, min_column_width=150, gap="small"):
        return {
            "epochs": st.number_input("Epochs", 1, 300, recipe.epochs, key=f"epochs_{recipe.name}"),
            "learning_rate": st.number_input(
                "Learning rate",
                0.00001,
                0.1,
                recipe.learning_rate,
                step=0.0001,
                format="%.5f",
                key=f"rate_{recipe.name}",
            ),
            "batch_size": _choose_number("Batch size", _BATCH_SIZES, recipe.batch_size, f"batch_{recipe.name}"),
            "input_size_px": _choose_number(
                "Input size in px", _INPUT_SIZES_PX, recipe.input_size_px, f"size_{recipe.name}"
            ),
            "augmentation": st.selectbox(
                "Augmentation",
                ["", *AUGMENTATIONS],
                key="augmentation",
                format_func=lambda name: name or "the recipe's",
                help="How training radiographs are changed at random; flips is the paper's.",
            )
            or None,
            "device": st.selectbox("Device", ["auto", *list_devices()], key="device"),
            "seed": st.number_input(
                "Seed", 0, 2**31 - 1, 0, key="seed", help="The same seed on the same data draws the same numbers."
            ),
        }


def _choose_recipe() -> Recipe:
    name = st.segmented_control("Recipe", list(RECIPES), default=_FIRST_RECIPE, required=True, key="recipe")
    recipe = RECIPES[name or _FIRST_RECIPE]
    st.caption(escape_markdown(recipe.summary))
    return recipe


def _choose_number(title: str, options: tuple[int, ...], default: int, key: str) -> int:
    offered = sorted({*options, default})
    return st.selectbox(title, offered, index=offered.index(default), key=key)
