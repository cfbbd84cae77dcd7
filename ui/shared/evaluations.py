"""Which evaluation a page shows, and where its images are."""

import streamlit as st

from fracture_core.base import CheckpointDamagedError
from fracture_core.datasets import Catalog, DatasetItem, find_catalog, stamp_places
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


def find_evaluated_catalog(evaluation: Evaluation) -> Catalog | None:
    """Return the data set that was evaluated if it is on this machine."""
    dataset = evaluation.dataset
    return _find_catalog(dataset, evaluation.fingerprint, stamp_places(dataset))


@st.cache_resource(ttl=600, max_entries=8, show_spinner="Looking for the images")
def _find_catalog(dataset: str, fingerprint: str, places: tuple[tuple[str, int], ...]) -> Catalog | None:
    return find_catalog(dataset, fingerprint) if places else None


def find_item(catalog: Catalog | None, prediction: Prediction) -> DatasetItem | None:
    """Return the file of a prediction if it is here."""
    return _index_items(catalog).get(prediction.name) if catalog else None


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs={Catalog: id})
def _index_items(catalog: Catalog) -> dict[str, DatasetItem]:
    return {item.name: item for item in catalog.items}
