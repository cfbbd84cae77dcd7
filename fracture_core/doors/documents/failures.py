"""Where a checkpoint errs: computed from the predictions, radiographs by name only."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from fracture_core.doors.documents.markdown import build_table
from fracture_core.evaluation import Evaluation, Prediction

MOST_CONFIDENT = 5


def build_failures(evaluation: Evaluation) -> str:
    """Return errors by region and view, and the misses and false alarms that were most confident."""
    if not evaluation.predictions:
        return "Predictions were not recorded."
    rows = _count_by("region", evaluation.predictions, lambda prediction: (prediction.region,))
    rows += _count_by("view", evaluation.predictions, lambda prediction: prediction.views)
    head = ("By", "Part", "Missed fractures", "False alarms")
    return build_table(head, rows) + "\n\n" + _list_confident(evaluation)


def _count_by(
    kind: str, predictions: Iterable[Prediction], read: Callable[[Prediction], Iterable[str | None]]
) -> list[list[str]]:
    """Return one row a part, the part with the largest share of errors first."""
    parts: defaultdict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        for part in read(prediction):
            if part:
                parts[part].append(prediction)
    ordered = sorted(parts, key=lambda part: (-_share_wrong(parts[part]), part))
    return [[kind, part, _count_wrong(parts[part], 1), _count_wrong(parts[part], 0)] for part in ordered]


def _share_wrong(predictions: list[Prediction]) -> float:
    return sum(not prediction.correct for prediction in predictions) / len(predictions)


def _count_wrong(predictions: list[Prediction], label: int) -> str:
    of_label = [prediction for prediction in predictions if prediction.label == label]
    return f"{sum(not prediction.correct for prediction in of_label)} of {len(of_label)}"


def _list_confident(evaluation: Evaluation) -> str:
    wrong = [prediction for prediction in evaluation.predictions if not prediction.correct]
    missed = sorted((each for each in wrong if each.label == 1), key=lambda each: (each.p_fracture, each.name))
    alarms = sorted((each for each in wrong if each.label == 0), key=lambda each: (-each.p_fracture, each.name))
    rows = [
        [each.kind, f"`{each.name}`", f"{each.p_fracture:.3f}", each.region or "", ", ".join(each.views)]
        for each in [*missed[:MOST_CONFIDENT], *alarms[:MOST_CONFIDENT]]
    ]
    return build_table(("Most confident errors", "File", "p", "Region", "Views"), rows) if rows else "No errors."
