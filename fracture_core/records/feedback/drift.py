"""Whether what readers say lies clear of the figures that the model had on its test set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fracture_core.evaluation import Evaluation, Metric, find_shipped_evaluations
from fracture_core.networks import Checkpoint
from fracture_core.records.feedback.agreement import count_figures
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import Judged, read_judged

LAST = 200  # judged radiographs
DAYS = 90
LEAST = 30  # radiographs that a figure is a share of; of fewer nothing is said
FIGURES = ("accuracy", "sensitivity", "specificity")
_WORDS = {
    "accuracy": "right on {:.0%} of them",
    "sensitivity": "right on {:.0%} of those with a fracture",
    "specificity": "right on {:.0%} of those without",
}
CAUTION = (
    "Readers choose what they judge, and the share of fractures may differ from the test set's; so this is a reason to "
    "look, no verdict on the model."
)


@dataclass(frozen=True)
class DriftSign:
    """A figure that lies clear of the test set's: the two 95% intervals do not meet.

    Attributes:
        figure: accuracy, sensitivity or specificity.
        window: such as "the last 200 judged radiographs".
        judged: by the readers' consensus.
        tested: on the test set.
    """

    figure: str
    window: str
    judged: Metric
    tested: Metric

    @property
    def sentence(self) -> str:
        """Return it in words."""
        said = _WORDS[self.figure].format(self.judged.value)
        interval = f"95% interval {self.judged.low:.0%} to {self.judged.high:.0%}, n = {self.judged.n:,}"
        return (
            f"By its readers, of {self.window} the model was {said} ({interval}); "
            f"on the test set it was {self.tested.value:.0%} ({self.tested.low:.0%} to {self.tested.high:.0%})."
        )


@dataclass(frozen=True)
class Drift:
    """What has moved away from the test set's figures.

    Attributes:
        dataset: the test set.
        signs: one at least.
        looks: figures that were looked at; of many, one may lie apart by chance.
    """

    checkpoint: str
    dataset: str
    signs: tuple[DriftSign, ...]
    looks: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what there is to say, the caution last."""
        looks = (
            f"{self.looks} figures were looked at, and are anew after every judgement: now and then one lies apart by "
            "chance."
        )
        return (*(sign.sentence for sign in self.signs), looks, CAUTION)


def find_drift(checkpoint: Checkpoint, now: datetime | None = None) -> Drift | None:
    """Return what lies clear of the checkpoint's test figures, None where nothing does or too little was judged.

    A figure is told where its exact 95% interval and the test figure's do not meet: both are estimates, and it is
    looked at often, which asks for more than that one lies outside of the other.

    Args:
        now: the end of the last 90 days.

    Raises:
        CheckpointDamagedError: its evaluation cannot be understood.
        StoreError: the database cannot be used.
    """
    judged = read_judged(FeedbackFilters(model_sha256=checkpoint.manifest.weights_sha256))
    tested = find_test(find_shipped_evaluations(checkpoint))
    if tested is None or len(judged) < LEAST:
        return None
    threshold = checkpoint.manifest.operating_point.threshold
    if tested.threshold != threshold:  # its figures are of another operating point
        return None
    return compare_with_test(judged, tested, now or datetime.now(UTC))


def find_test(evaluations: Iterable[Evaluation]) -> Evaluation | None:
    """Return the test side with most independent groups among those that do not leak."""
    sound = [each for each in evaluations if each.split == "test" and not each.mark]
    return max(sound, key=lambda each: each.n_groups, default=None)


def compare_with_test(judged: Sequence[Judged], tested: Evaluation, now: datetime) -> Drift | None:
    """Return what lies clear; ``judged`` is of one model, the last read first."""
    # Pictures that the gate refused are not of the test set's kind, whoever wanted them read.
    settled = [each for each in judged if each.consensus.label is not None and not each.is_overridden]
    last, recent = settled[:LAST], [each for each in settled if each.at >= now - timedelta(days=DAYS)]
    windows = {f"the last {len(last):,} judged radiographs": last}
    if recent != last:
        windows[f"the {len(recent):,} judged radiographs read in the last {DAYS} days"] = recent
    looks, signs = 0, []
    for window, part in windows.items():
        figures = count_figures(part)
        for name in FIGURES:
            if figures[name].n < LEAST or name not in tested.metrics:
                continue
            looks += 1
            if _lies_clear(figures[name], tested.metrics[name]):
                signs.append(DriftSign(name, window, figures[name], tested.metrics[name]))
    return Drift(tested.checkpoint, tested.dataset, tuple(signs), looks) if signs else None


def _lies_clear(one: Metric, other: Metric) -> bool:
    if None in (one.low, one.high, other.low, other.high):
        return False
    return one.high < other.low or one.low > other.high  # type: ignore[operator]
