"""What the model in use reaches on the data that a run is validated on."""

from dataclasses import dataclass

import streamlit as st

from fracture_core.base import FractureError
from fracture_core.evaluation import Evaluation, find_evaluations, stamp_evaluations
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.training import TrainingRequest, shorten_data


@dataclass(frozen=True)
class Champion:
    """The model in use, and its figures on the validation side of a data set."""

    name: str
    dataset: str
    n: int
    mark: str
    accuracy: float | None
    auroc: float | None

    @property
    def text(self) -> str:
        """Return what the dashed lines are."""
        named = (("accuracy", self.accuracy), ("AUROC", self.auroc))
        figures = " and ".join(f"{name} {value:.3f}" for name, value in named if value is not None)
        mark = f"; {self.mark}" if self.mark else ""
        measured_on = f"validation of {self.dataset} (n = {self.n:,}{mark})"
        return f"Dashed: the model in use, {self.name}, with {figures} on {measured_on}."


def find_champion(request: TrainingRequest) -> Champion | None:
    """Return the model in use as measured on the first data set of a request, or None where it was not."""
    try:
        checkpoint = find_checkpoint()
        return _find(
            checkpoint.manifest.weights_sha256, stamp_evaluations(checkpoint), shorten_data(request.data[0]), checkpoint
        )
    except FractureError:  # there is no model in use, or it is damaged: the frame tells
        return None


@st.cache_data(max_entries=8, show_spinner=False)
def _find(weights: str, stamps: tuple[int, ...], dataset: str, _checkpoint: Checkpoint) -> Champion | None:
    """Look through the evaluations, which hold every prediction, only where they have changed."""
    found = [
        item
        for item in find_evaluations(_checkpoint)
        if item.split == "val" and item.dataset == dataset.removesuffix(".zip")
    ]
    return _describe(_checkpoint.name, found[-1]) if found else None


def _describe(name: str, evaluation: Evaluation) -> Champion | None:
    accuracy, auroc = (
        evaluation.metrics[key].value if key in evaluation.metrics else None for key in ("accuracy", "auroc")
    )
    if accuracy is None and auroc is None:
        return None
    return Champion(name, evaluation.dataset, evaluation.n, evaluation.mark, accuracy, auroc)
