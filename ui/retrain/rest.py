"""The settings of a training that seldom matter, folded away."""

from typing import Any

import streamlit as st

from fracture_core.networks import Checkpoint, list_checkpoints
from fracture_core.training import Recipe

_MOST_THREADS = 64
_OWN = "recipe"  # the recipe's own; None would give the field a cross that empties it


def collect_rest(recipe: Recipe) -> dict[str, Any]:
    """Show the fields; return values of a ``TrainingRequest``."""
    checkpoints = list_checkpoints()
    with st.grid(4, min_column_width=200, gap="small"):
        threads = st.number_input(
            "CPU threads",
            1,
            _MOST_THREADS,
            None,
            key="threads",
            placeholder="all cores but one",
            help="Fewer leave more of the machine to who reads radiographs meanwhile.",
        )
        settings = {
            "initial": _choose_initial(recipe, checkpoints),
            "teacher": _choose_teacher(recipe, checkpoints),
            "threads": threads,
            "devices": st.number_input(
                "Processes", 1, 64, 1, key="devices", help="One a GPU; the batch is divided among them."
            ),
        }
    return settings | {
        "test": st.checkbox(
            "Evaluate the finished model on the test part too",
            True,
            key="test",
            help="Leave it out to compare settings on validation first: each look makes the test part worth less.",
        )
    }


def _choose_initial(recipe: Recipe, checkpoints: list[Checkpoint]) -> str | None:
    same = [found.name for found in checkpoints if found.manifest.network.architecture == recipe.architecture]
    imagenet = ["imagenet"] if recipe.architecture == "EfficientNetLite0" else []
    chosen = st.selectbox(
        "Initial weights",
        [_OWN, "random", *imagenet, *same],
        key=f"initial_{recipe.name}",
        format_func=lambda name: f"the recipe's ({recipe.initial})" if name == _OWN else name,
        help="Random, or those of a checkpoint of the same architecture.",
    )
    return None if chosen == _OWN else chosen


def _choose_teacher(recipe: Recipe, checkpoints: list[Checkpoint]) -> str | None:
    names = {_OWN: f"the recipe's ({recipe.teacher or 'none'})", "": "none"}
    if recipe.call_weight or recipe.feature_weight:  # without such weights a teacher would not be listened to
        stretch = recipe.stretch_percentiles
        names |= {
            found.name: found.name
            for found in checkpoints
            if found.manifest.preprocessing.stretch_percentiles == stretch
        }
    chosen = st.selectbox(
        "Teacher",
        list(names),
        key=f"teacher_{recipe.name}",
        format_func=lambda name: names[name],
        help="A checkpoint whose view of each batch is learned next to the labels.",
    )
    return None if chosen == _OWN else chosen
