"""Which evaluation ``failures`` looks at."""

from fracture_core.base import EvaluationError
from fracture_core.evaluation import Evaluation, find_evaluations, order_evaluations
from fracture_core.networks import Checkpoint


def choose_evaluation(
    checkpoint: Checkpoint, dataset: str | None, split: str | None, *, as_published: bool
) -> Evaluation:
    """Return the checkpoint's evaluation of a data set and side; of several, the first clean test side.

    Args:
        dataset, split: None for any.
        as_published: only one of a side as it was published.

    Raises:
        EvaluationError: there is none; says which there are, and how to make one.
    """
    # A newer one takes the place of an older one of the same side.
    found = list({_name(evaluation): evaluation for evaluation in find_evaluations(checkpoint)}.values())
    wanted = [
        evaluation
        for evaluation in found
        if dataset in (None, evaluation.dataset)
        and split in (None, evaluation.split)
        and (evaluation.as_published or not as_published)
    ]
    if wanted:
        return order_evaluations(wanted)[0]
    known = ", ".join(map(_name, found)) or "none yet"
    raise EvaluationError(
        f"'{checkpoint.name}' has no such evaluation; there is: {known}.",
        _advise(checkpoint, dataset or "DIR", split or "test", as_published),
    )


def find_counterpart(other: Checkpoint, evaluation: Evaluation) -> Evaluation:
    """Return the other checkpoint's newest evaluation of the same side.

    Raises:
        EvaluationError: there is none; says how to make one.
    """
    key = (evaluation.dataset, evaluation.split, evaluation.as_published)
    for found in reversed(find_evaluations(other)):
        if (found.dataset, found.split, found.as_published) == key:
            return found
    raise EvaluationError(f"'{other.name}' was not evaluated on {_name(evaluation)}.", _advise(other, *key))


def _name(evaluation: Evaluation) -> str:
    return f"{evaluation.dataset} {evaluation.split}{' as published' if evaluation.as_published else ''}"


def _advise(checkpoint: Checkpoint, dataset: str, split: str, as_published: bool) -> str:
    published = " --as-published" if as_published else ""
    return (
        f"Evaluate it: python -m fracture_core evaluate --checkpoint {checkpoint.name} --data {dataset} --split {split}"
        f"{published}."
    )
