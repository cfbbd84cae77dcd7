"""The models that can be asked, and what is known of them."""

from fracture_core.base import CheckpointDamagedError, CheckpointError
from fracture_core.doors.api.answers import Evaluation, Figure, Model, Models, Points
from fracture_core.evaluation import Evaluation as Measured
from fracture_core.evaluation import choose_headlines, find_evaluations, stamp_evaluations
from fracture_core.networks import Checkpoint, find_checkpoint, identify_checkpoint, list_checkpoints
from fracture_core.reading import Shared

_evaluations: Shared[tuple[Evaluation, ...]] = Shared(32)


def list_models() -> Models:
    """Return the models of this machine.

    Raises:
        StoreError: the database cannot be used.
    """
    in_use = _find_name_in_use()
    return Models(models=tuple(_describe(checkpoint, in_use) for checkpoint in list_checkpoints()))


def _find_name_in_use() -> str:
    try:
        return find_checkpoint().name
    except CheckpointError:  # it has gone, or there is none
        return ""


def _describe(checkpoint: Checkpoint, in_use: str) -> Model:
    manifest = checkpoint.manifest
    key = (str(checkpoint.directory), identify_checkpoint(checkpoint), stamp_evaluations(checkpoint))
    return Model(
        name=checkpoint.name,
        sha256=manifest.weights_sha256,
        in_use=checkpoint.name == in_use,
        points=Points(
            threshold=manifest.operating_point.threshold,
            negative_below=manifest.call_points.high_sensitivity.threshold,
            positive_from=manifest.call_points.high_specificity.threshold,
        ),
        evaluations=_evaluations.get(key, lambda: _list_headlines(checkpoint)),
    )


def _list_headlines(checkpoint: Checkpoint) -> tuple[Evaluation, ...]:
    try:
        found = find_evaluations(checkpoint)
    except CheckpointDamagedError:  # the page Failures says so; the model reads all the same
        return ()
    return tuple(_describe_evaluation(evaluation) for evaluation in choose_headlines(checkpoint, found))


def _describe_evaluation(evaluation: Measured) -> Evaluation:
    same = ("dataset", "split", "mark", "n", "n_groups", "n_fractured")
    figures = {name: Figure(**metric.model_dump()) for name, metric in evaluation.metrics.items()}
    return Evaluation(**{name: getattr(evaluation, name) for name in same}, figures=figures)
