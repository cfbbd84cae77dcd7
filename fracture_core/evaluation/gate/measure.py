"""What a checkpoint says of given radiographs: recalled where it was measured on them before, else read now."""

from dataclasses import replace

from fracture_core.base import DatasetError, StageProgress
from fracture_core.datasets import Catalog, load_labelled_images
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.gate.frozen_sets import TestSet
from fracture_core.evaluation.kept import find_evaluations
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks import Checkpoint


def measure(
    checkpoint: Checkpoint, test_set: TestSet, catalog: Catalog | None, *, device: str, progress: StageProgress
) -> Evaluation | None:
    """Return the checkpoint's predictions of a test set's radiographs; None if they are not on this machine.

    Its figures, where it was measured on more than these, are of all; only the
    predictions are of these alone.

    Raises:
        DatasetError: no radiograph can be read.
        CheckpointDamagedError: the weights are not the ones the manifest names.
    """
    if catalog is None or catalog.fingerprint == test_set.fingerprint:
        recalled = _recall(checkpoint, test_set)
        if recalled or catalog is None:
            return recalled
    part = replace(catalog, items=tuple(item for item in catalog.items if item.name in test_set.labels), excluded=())
    if not part.items:
        raise DatasetError(f"None of the test radiographs of '{catalog.name}' is there any more.")
    images = load_labelled_images(
        [part],
        checkpoint.manifest.preprocessing,
        progress=lambda done, total: progress("Decoding radiographs", done, total),
    )
    return evaluate_checkpoint(
        checkpoint,
        images.of_dataset(part.name),
        dataset=test_set.dataset,
        fingerprint=catalog.fingerprint,
        split="test",
        device=device,
        progress=lambda done, total: progress(f"Reading with {checkpoint.name}", done, total),
    )


def restrict(evaluation: Evaluation, names: set[str]) -> Evaluation:
    """Return the evaluation with the predictions of some files only."""
    kept = tuple(prediction for prediction in evaluation.predictions if prediction.name in names)
    return evaluation.model_copy(update={"predictions": kept})


def _recall(checkpoint: Checkpoint, test_set: TestSet) -> Evaluation | None:
    """Return an earlier evaluation by today's thresholds that holds all these radiographs."""
    names = set(test_set.labels)
    for evaluation in find_evaluations(checkpoint):
        if (
            evaluation.fingerprint == test_set.fingerprint
            and evaluation.threshold == checkpoint.manifest.operating_point.threshold
            and not evaluation.mark
            and names <= {prediction.name for prediction in evaluation.predictions}
        ):
            return restrict(evaluation, names)
    return None
