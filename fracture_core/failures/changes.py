"""Which failures of one checkpoint another one shares: fixed, new or still there."""

from dataclasses import dataclass

from fracture_core.evaluation import Evaluation
from fracture_core.failures.filters import FailureChange


@dataclass(frozen=True)
class FailureChanges:
    """Names of files, in the order of the evaluation; only of files that both have with one label.

    Attributes:
        fixed: wrong by the other, right by this one.
        new: right by the other, wrong by this one.
        still: wrong by both.
        compared: how many files both have.
    """

    fixed: tuple[str, ...]
    new: tuple[str, ...]
    still: tuple[str, ...]
    compared: int

    def list_by_file(self) -> dict[str, FailureChange]:
        """Return the change of each file that has one."""
        kinds: tuple[tuple[FailureChange, tuple[str, ...]], ...] = (
            ("fixed", self.fixed),
            ("new", self.new),
            ("still wrong", self.still),
        )
        return {name: change for change, names in kinds for name in names}


def compare_failures(evaluation: Evaluation, other: Evaluation) -> FailureChanges:
    """Return what is wrong by this evaluation against another one of the same data set, each by its own threshold.

    Files that one of them lacks, or that are labelled otherwise there, are left out:
    ``Changes.compared`` tells how many are left. Of two data sets nothing is compared,
    whatever the files are called.
    """
    if evaluation.dataset != other.dataset:
        return FailureChanges((), (), (), 0)
    before = {(prediction.name, prediction.label): prediction.correct for prediction in other.predictions}
    pairs = [
        (prediction.name, before[key], prediction.correct)
        for prediction in evaluation.predictions
        if (key := (prediction.name, prediction.label)) in before
    ]
    return FailureChanges(
        fixed=tuple(name for name, was_right, is_right in pairs if not was_right and is_right),
        new=tuple(name for name, was_right, is_right in pairs if was_right and not is_right),
        still=tuple(name for name, was_right, is_right in pairs if not (was_right or is_right)),
        compared=len(pairs),
    )
