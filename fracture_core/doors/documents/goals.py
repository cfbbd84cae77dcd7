"""What was aimed for, and what was reached."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fracture_core.doors.documents.markdown import build_table, word_metric_n
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.doors.documents.tables import name_data
from fracture_core.evaluation import Evaluation, Metric

DATASET, PAPER_DATASET = "FracAtlas", "paper"
AUROC = 0.88
SENSITIVITY, SPECIFICITY = 0.90, 0.75
POINTING = 0.60
ECE = 0.05
PAPER_ACCURACY = 0.81


class GoalOutcome(NamedTuple):
    """One goal and one checkpoint; None: nothing recorded to judge by."""

    goal: str
    checkpoint: str
    data: str
    figure: str
    reached: bool | None
    surely: bool | None  # the whole interval reaches it


def build_goals(shipped: Iterable[Shipped], published: Iterable[Evaluation]) -> str:
    """Return the table of goals, computed.

    Args:
        published: evaluations of the paper's protocol, of checkpoints that are not shipped.
    """
    outcomes = [outcome for one in shipped for evaluation in one.main for outcome in _judge(evaluation)]
    outcomes += [_judge_paper(evaluation) for evaluation in published if _is_papers_test(evaluation)]
    outcomes += [_judge_paper(each) for one in shipped for each in one.evaluations if _is_papers_test(each)]
    head = ("Goal", "Checkpoint", "Data", "Figure", "Reached", "Reached by the whole interval")
    rows = [(*outcome[:4], _word(outcome.reached), _word(outcome.surely)) for outcome in outcomes]
    return build_table(head, rows) if rows else "There is no evaluation to judge by yet."


def _judge(evaluation: Evaluation) -> Iterator[GoalOutcome]:
    if evaluation.dataset != DATASET:
        return
    located, calibration = evaluation.localisation, evaluation.calibration
    yield _at_least(f"AUROC ≥ {AUROC:.2f}", evaluation, evaluation.metrics.get("auroc"), AUROC)
    yield _judge_pair(evaluation)
    pointing = located.figures["pointing"] if located else None
    yield _at_least(f"Pointing game, strict ≥ {POINTING:.2f}", evaluation, pointing, POINTING)
    yield _at_most(f"ECE ≤ {ECE:.2f}", evaluation, calibration.ece if calibration else None, ECE)


def _judge_pair(evaluation: Evaluation) -> GoalOutcome:
    """Judge by the stored points: a point chosen on these very radiographs would flatter."""
    goal = f"Sensitivity ≥ {SENSITIVITY:.2f} at specificity ≥ {SPECIFICITY:.2f}"
    points = {name: point.metrics for name, point in evaluation.operating_points.items()}
    points = points or {"balanced": evaluation.metrics}
    pairs = {name: (metrics["sensitivity"], metrics["specificity"]) for name, metrics in points.items()}
    beyond = {
        name: min(first.value - SENSITIVITY, second.value - SPECIFICITY)
        for name, (first, second) in pairs.items()
        if first.value is not None and second.value is not None
    }
    if not beyond:
        return GoalOutcome(goal, *_name(evaluation), "not recorded", None, None)
    best = max(beyond, key=lambda name: beyond[name])
    sensitivity, specificity = pairs[best]
    figure = f"{word_metric_n(sensitivity)} at {word_metric_n(specificity)} ({best.replace('_', ' ')} point)"
    reached = beyond[best] >= 0
    surely = _is_at_least(sensitivity.low, SENSITIVITY) and _is_at_least(specificity.low, SPECIFICITY)
    return GoalOutcome(goal, *_name(evaluation), figure, reached, surely)


def _is_at_least(value: float | None, goal: float) -> bool:
    return value is not None and value >= goal


def _judge_paper(evaluation: Evaluation) -> GoalOutcome:
    mark = evaluation.short_mark
    goal = f"Accuracy on the paper's test folder ≥ {PAPER_ACCURACY:.2f}"
    return _at_least(goal, evaluation, evaluation.metrics.get("accuracy"), PAPER_ACCURACY, mark)


def _is_papers_test(evaluation: Evaluation) -> bool:
    return evaluation.dataset == PAPER_DATASET and evaluation.split == "test"


def _at_least(goal: str, evaluation: Evaluation, metric: Metric | None, wanted: float, mark: str = "") -> GoalOutcome:
    if metric is None or metric.value is None or metric.low is None:
        return GoalOutcome(goal, *_name(evaluation), "not recorded", None, None)
    figure = word_metric_n(metric, mark)
    return GoalOutcome(goal, *_name(evaluation), figure, metric.value >= wanted, metric.low >= wanted)


def _at_most(goal: str, evaluation: Evaluation, metric: Metric | None, wanted: float) -> GoalOutcome:
    if metric is None or metric.value is None or metric.high is None:
        return GoalOutcome(goal, *_name(evaluation), "not recorded", None, None)
    return GoalOutcome(goal, *_name(evaluation), word_metric_n(metric), metric.value <= wanted, metric.high <= wanted)


def _name(evaluation: Evaluation) -> tuple[str, str]:
    return evaluation.checkpoint, name_data(evaluation)


def _word(answer: bool | None) -> str:
    return "not known" if answer is None else "yes" if answer else "no"
