"""Which evaluations say what a model can do. Apart: pages, cards and the API choose the same figures."""

from collections.abc import Sequence

from fracture_core.datasets import PHANTOM_DATASET
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks import Checkpoint

LEARNT_FROM = ("train", "val")  # the weights, the epoch and the operating point were chosen on these


def order_evaluations(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Return clean sides before leaky ones, radiographs before drawings, tests first."""
    return sorted(
        evaluations, key=lambda item: (bool(item.mark), item.dataset == PHANTOM_DATASET, item.split in LEARNT_FROM)
    )


def choose_headlines(checkpoint: Checkpoint, evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Return the ones of held-out data of the model's own kind; where there are none, the next best."""
    own = [item for item in order_evaluations(evaluations) if not is_off_domain(checkpoint, item)]
    clean = [item for item in own if not item.mark]
    held_out = [item for item in clean if item.split not in LEARNT_FROM]
    return held_out or clean or own


def is_trained_on_phantoms(checkpoint: Checkpoint) -> bool:
    """Return whether the drawn phantoms were among the checkpoint's training data."""
    return any(record.name == PHANTOM_DATASET for record in checkpoint.manifest.data)


def is_off_domain(checkpoint: Checkpoint, evaluation: Evaluation) -> bool:
    """Return whether drawings were read by a network that has never seen one."""
    return evaluation.dataset == PHANTOM_DATASET and not is_trained_on_phantoms(checkpoint)
