"""The checkpoints that documents are written about, each with the evaluations that came with it."""

from dataclasses import dataclass

from fracture_core.base import Settings
from fracture_core.evaluation import Evaluation, find_shipped_evaluations
from fracture_core.networks import Checkpoint, list_checkpoints

_SIDES = ("test", "all", "val", "train")  # what a reader wants to see first


@dataclass(frozen=True)
class Shipped:
    """A checkpoint of the checkpoints folder; evaluations of other weights are left out."""

    checkpoint: Checkpoint
    evaluations: tuple[Evaluation, ...]

    @property
    def name(self) -> str:
        return self.checkpoint.name

    @property
    def main(self) -> tuple[Evaluation, ...]:
        """The leak-free evaluation to look at in each data set: its test side, where there is one."""
        first: dict[str, Evaluation] = {}
        for evaluation in self.evaluations:
            if not evaluation.mark:
                first.setdefault(evaluation.dataset, evaluation)
        return tuple(first.values())


def read_shipped(settings: Settings) -> list[Shipped]:
    """Return the shipped checkpoints, the default one first; what runs left on this machine is not shipped.

    Raises:
        CheckpointDamagedError: an evaluation.json cannot be understood.
    """
    shipped = []
    # What was promoted on this machine must not change what the documents say.
    for checkpoint in sorted(
        list_checkpoints(settings), key=lambda each: (each.name != settings.default_checkpoint, each.name)
    ):
        if checkpoint.directory.parent == settings.checkpoints_dir:
            found = sorted(find_shipped_evaluations(checkpoint), key=_order)
            shipped.append(Shipped(checkpoint, tuple(found)))
    return shipped


def _order(evaluation: Evaluation) -> tuple[str, bool, int]:
    return evaluation.dataset, bool(evaluation.mark), _SIDES.index(evaluation.split)
