"""The test radiographs that a checkpoint's own training held out, as it was measured on them."""

from dataclasses import dataclass

from fracture_core.datasets import read_split
from fracture_core.evaluation.kept import find_evaluations
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks import Checkpoint


@dataclass(frozen=True)
class TestSet:
    """One data set's part of it.

    Attributes:
        labels: label by file name, relative to the data set's root.
        evaluation: the checkpoint's own, which may be by thresholds of another day.
    """

    __test__ = False  # for pytest, which takes the name for one of its own

    dataset: str
    fingerprint: str
    labels: dict[str, int]
    evaluation: Evaluation


def list_test_sets(checkpoint: Checkpoint) -> tuple[list[TestSet], list[str]]:
    """Return the test sets, a data set each, and sentences about those that cannot be taken.

    A set that leaks is not taken: figures over it say nothing.
    """
    split = read_split(checkpoint.split_path)
    found: dict[str, TestSet] = {}
    marked: dict[str, str] = {}
    for evaluation in find_evaluations(checkpoint):
        stored = set(split.get(evaluation.dataset, {}).get("test", ()))
        labels = {
            prediction.name: prediction.label for prediction in evaluation.predictions if prediction.name in stored
        }
        if evaluation.split != "test" or not labels:
            continue
        if evaluation.mark:
            marked[evaluation.dataset] = evaluation.mark
        elif evaluation.dataset not in found:  # the one that came with the checkpoint is first
            found[evaluation.dataset] = TestSet(evaluation.dataset, evaluation.fingerprint, labels, evaluation)
    refused = [
        f"The test side of '{dataset}' is not taken: '{checkpoint.name}' was measured on it with the mark '{mark}'."
        for dataset, mark in marked.items()
        if dataset not in found
    ]
    return list(found.values()), refused
