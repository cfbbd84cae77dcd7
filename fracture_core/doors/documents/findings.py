"""Sentences that follow from figures."""

from collections.abc import Iterator

from fracture_core.doors.documents.markdown import word_list, word_metric
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.evaluation import Evaluation, Metric, Prediction

FEW = 20  # fewer radiographs than this say little


def find_extremes(evaluation: Evaluation) -> list[str]:
    """Return which region and view is read worst and best, in sensitivity and in specificity.

    Parts with few radiographs are named only where there are not two larger ones.
    """
    found = []
    for kind in ("region", "view"):
        for name in ("sensitivity", "specificity"):
            parts = [(part.name, part.metrics[name]) for part in evaluation.subgroups if part.kind == kind]
            parts = [(part, metric) for part, metric in parts if metric.value is not None]
            large = [(part, metric) for part, metric in parts if metric.n >= FEW]
            parts = large if len(large) > 1 else parts
            if len(parts) > 1:
                low, high = min(parts, key=_by_value), max(parts, key=_by_value)
                found.append(f"By {kind}, {name} is lowest in {_word(*low)} and highest in {_word(*high)}.")
    return found


def find_hardware(evaluation: Evaluation) -> str:
    """Return how much metal hardware tells of the label, or an empty text where nothing is known of it."""
    sides = [[each for each in evaluation.predictions if each.hardware is known] for known in (True, False)]
    if not all(sides):
        return ""
    shares = [_share_fractured(side) for side in sides]
    return (
        f"Of the {len(sides[0]):,} radiographs with visible hardware {shares[0]:.0%} are fractured, of the "
        f"{len(sides[1]):,} others {shares[1]:.0%}: a call on a radiograph with hardware says less "
        "than its probability."
    )


def word_origin(one: Shipped) -> str:
    """Return whether it was measured on data from elsewhere than its training data."""
    learned = {record.name for record in one.checkpoint.manifest.data}
    outside = sorted({evaluation.dataset for evaluation in one.main} - learned)
    elsewhere = (
        f"Of the sets it was measured on, it did not learn from {word_list(outside)}."
        if outside
        else "Every radiograph it was measured on comes from a data set that it also learned from."
    )
    return (
        f"{elsewhere} Another department's devices, patients and share of fractures will change every figure, PPV and "
        "NPV first."
    )


def find_small(evaluation: Evaluation) -> str:
    """Return which parts hold too few fractured radiographs to judge by, or an empty text."""
    small = list(_list_small(evaluation))
    return f"Too few fractures to judge by (under {FEW}): {', '.join(small)}." if small else ""


def _list_small(evaluation: Evaluation) -> Iterator[str]:
    for part in evaluation.subgroups:
        if part.n_fractured < FEW:
            yield f"{part.name} ({part.n_fractured})"


def _by_value(part: tuple[str, Metric]) -> tuple[float, str]:
    return part[1].value or 0.0, part[0]


def _word(part: str, metric: Metric) -> str:
    return f"{part} ({word_metric(metric)}, n = {metric.n:,}" + (", few)" if metric.n < FEW else ")")


def _share_fractured(predictions: list[Prediction]) -> float:
    return sum(prediction.label for prediction in predictions) / len(predictions)
