"""Which evaluation a page shows, and where its images are."""

from pathlib import Path

import streamlit as st

from fracture_core.base import CheckpointDamagedError, DatasetError, get_settings
from fracture_core.datasets import PHANTOM_DATASET, Catalog, DatasetItem, find_dataset_path, open_dataset
from fracture_core.evaluation import (
    Evaluation,
    Prediction,
    choose_headlines,
    find_evaluations,
    find_shipped_evaluations,
    order_evaluations,
    stamp_evaluations,
)
from fracture_core.networks import Checkpoint, OperatingPoint, OperatingPoints
from ui.shared.figures import word_data


def list_evaluations(checkpoint: Checkpoint) -> dict[str, Evaluation]:
    """Return the checkpoint's evaluations by what they were made on.

    Clean sides come before leaky ones, radiographs before drawings, tests first.
    """
    found, _ = _find_evaluations(str(checkpoint.directory), stamp_evaluations(checkpoint), checkpoint)
    return {word_data(evaluation): evaluation for evaluation in order_evaluations(found)}


def name_evaluation(evaluation: Evaluation) -> str:
    """Return what was evaluated in few words that stay, for an address: ``FracAtlas, test``."""
    return f"{evaluation.dataset}, {evaluation.split}" + (", as published" if evaluation.as_published else "")


def find_damage(checkpoint: Checkpoint) -> CheckpointDamagedError | None:
    """Return what is wrong with the checkpoint's evaluations; those that can be read are listed all the same."""
    return _find_evaluations(str(checkpoint.directory), stamp_evaluations(checkpoint), checkpoint)[1]


@st.cache_resource(max_entries=32, show_spinner=False)
def _find_evaluations(
    directory: str, stamp: tuple[int, ...], _checkpoint: Checkpoint
) -> tuple[list[Evaluation], CheckpointDamagedError | None]:
    try:
        return find_evaluations(_checkpoint), None
    except CheckpointDamagedError as error:
        damage = error
    try:
        return find_shipped_evaluations(_checkpoint), damage
    except CheckpointDamagedError:  # the file that came with it is the damaged one
        return [], damage


def list_headline_evaluations(checkpoint: Checkpoint) -> dict[str, Evaluation]:
    """Return the evaluations that say what the model can do: of held-out data of its own kind, where there are any."""
    chosen = choose_headlines(checkpoint, list(list_evaluations(checkpoint).values()))
    return {word_data(evaluation): evaluation for evaluation in chosen}


def get_call_points(evaluation: Evaluation) -> OperatingPoints:
    """Return the ends of the uncertain zone that an evaluation was made with; an older one had no such zone."""
    ends = evaluation.operating_points
    low, high = (
        OperatingPoint(threshold=ends[name].threshold if name in ends else evaluation.threshold)
        for name in ("high_sensitivity", "high_specificity")
    )
    return OperatingPoints(high_sensitivity=low, high_specificity=high)


def find_catalog(dataset: str) -> Catalog | None:
    """Return the data set's catalog if it is on this machine."""
    path = _find_folder(dataset)
    if path is None:
        return None
    return _open_catalog(dataset, str(path), path.stat().st_mtime_ns if path.exists() else 0)


def _find_folder(dataset: str) -> Path | None:
    return get_settings().state_dir / PHANTOM_DATASET if dataset == PHANTOM_DATASET else find_dataset_path(dataset)


@st.cache_resource(ttl=600, max_entries=8, show_spinner="Looking for the images")
def _open_catalog(dataset: str, path: str, modified_ns: int) -> Catalog | None:
    try:
        return open_dataset(dataset)
    except DatasetError:
        return None


def find_item(catalog: Catalog | None, prediction: Prediction) -> DatasetItem | None:
    """Return the file of a prediction if it is here."""
    return _index_items(catalog).get(prediction.name) if catalog else None


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs={Catalog: id})
def _index_items(catalog: Catalog) -> dict[str, DatasetItem]:
    return {item.name: item for item in catalog.items}
