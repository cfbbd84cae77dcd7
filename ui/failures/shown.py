"""What the gallery shows: an evaluation, filtered; computed once and kept while nothing of it changes."""

from dataclasses import dataclass

import streamlit as st

from fracture_core.base import StoreError
from fracture_core.datasets import Catalog, DatasetItem
from fracture_core.evaluation import Evaluation, Prediction, stamp_evaluations
from fracture_core.failures import (
    FacetCount,
    FailureEntries,
    FailureFilters,
    FailureTable,
    Review,
    count_facets,
    read_reviews,
    select_failures,
    stamp_reviews,
)
from fracture_core.networks import Checkpoint
from ui.shared.errors import escape_markdown
from ui.shared.evaluations import find_evaluated_catalog, find_item, list_evaluations, name_evaluation


@dataclass(frozen=True, eq=False)
class Against:
    """Another checkpoint, and what it made of the same radiographs."""

    checkpoint: Checkpoint
    evaluation: Evaluation


@dataclass(frozen=True, eq=False)
class Shown:
    """All that the parts of the gallery need; ``identity`` changes whenever something of it but the filters does."""

    checkpoint: Checkpoint
    evaluation: Evaluation
    against: Against | None
    catalog: Catalog | None
    filters: FailureFilters
    table: FailureTable
    entries: FailureEntries
    identity: str

    @property
    def facets(self) -> dict[str, list[FacetCount]]:
        """Counts of every filter's values."""
        return _count(self.identity, self.filters.model_dump_json(), self)

    @property
    def reviews(self) -> dict[str, Review]:
        """What people said, by file name."""
        return dict(self.table.reviews)

    def find_item(self, prediction: Prediction) -> DatasetItem | None:
        """Return the file of a prediction if it is here."""
        return find_item(self.catalog, prediction)

    def find_prediction(self, name: str) -> Prediction | None:
        """Return the prediction of a file, whatever the filters."""
        index = _index(self.identity, self).get(name)
        return None if index is None else self.evaluation.predictions[index]


def gather(checkpoint: Checkpoint, evaluation: Evaluation, against: Against | None, filters: FailureFilters) -> Shown:
    """Return what the filters leave of an evaluation; where what people said cannot be read, the page says so."""
    stamp = _stamp_reviews(evaluation.dataset)
    identity = _identify(checkpoint, evaluation, against, stamp)
    table = _build_table(identity, evaluation, against.evaluation if against else None, is_reviewed=stamp is not None)
    return Shown(
        checkpoint=checkpoint,
        evaluation=evaluation,
        against=against,
        catalog=find_evaluated_catalog(evaluation),
        filters=filters,
        table=table,
        entries=_select(identity, filters.model_dump_json(), table, filters),
        identity=identity,
    )


def _stamp_reviews(dataset: str) -> int | None:
    """Return the stamp, or None with a warning: without the database, pictures and figures stay."""
    try:
        return stamp_reviews(dataset)
    except StoreError as error:
        st.warning(
            "**Tags, notes and reviews cannot be read right now**; the rest is shown without them.  \n"
            + escape_markdown(str(error)),
            icon=":material/warning:",
        )
        return None


def _identify(checkpoint: Checkpoint, evaluation: Evaluation, against: Against | None, stamp: int | None) -> str:
    parts = [name_evaluation(evaluation), str(stamp)]
    parts += [
        f"{model.manifest.weights_sha256} {stamp_evaluations(model)}" if model else ""
        for model in (checkpoint, against.checkpoint if against else None)
    ]
    return "|".join(parts)


@st.cache_resource(max_entries=4, show_spinner="Sorting the radiographs")
def _build_table(
    identity: str, _evaluation: Evaluation, _other: Evaluation | None, *, is_reviewed: bool
) -> FailureTable:
    return FailureTable.build(_evaluation, read_reviews(_evaluation.dataset) if is_reviewed else {}, _other)


@st.cache_resource(max_entries=8, show_spinner=False)
def _select(identity: str, filters: str, _table: FailureTable, _filters: FailureFilters) -> FailureEntries:
    return select_failures(_table, _filters)


@st.cache_resource(max_entries=8, show_spinner=False)
def _count(identity: str, filters: str, _shown: Shown) -> dict[str, list[FacetCount]]:
    return count_facets(_shown.table, _shown.filters)


@st.cache_resource(max_entries=4, show_spinner=False)
def _index(identity: str, _shown: Shown) -> dict[str, int]:
    return {prediction.name: index for index, prediction in enumerate(_shown.evaluation.predictions)}


def find_against(checkpoints: list[Checkpoint], checkpoint: Checkpoint, evaluation: Evaluation) -> dict[str, Against]:
    """Return the other checkpoints that were evaluated on the same side of the same data set, by name."""
    wanted = name_evaluation(evaluation)
    found: dict[str, Against] = {}
    for other in checkpoints:
        if other.name != checkpoint.name:
            same = [item for item in list_evaluations(other).values() if name_evaluation(item) == wanted]
            found |= {other.name: Against(other, same[-1])} if same else {}
    return found
