"""Labels that are likely wrong: where the network contradicts them with more confidence than it usually has.

Source: Northcutt, Jiang, Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
Labels", JAIR 70, arXiv:1911.00068, sec. 3.1 (thresholds, confident joint) and sec. 3.2
(ranking by normalised margin). Written from the paper; cleanlab, its library, is AGPL.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fracture_core.evaluation import Evaluation, Prediction


@dataclass(frozen=True)
class LabelDoubt:
    """One radiograph whose label is likely wrong, or that the network reads wrongly with confidence: a person decides.

    Attributes:
        name: of the file that contradicts its label most; ``radiograph`` it is a copy of.
        given, proposed: index into ``LABELS``.
        score: normalised margin in [-1, 1]: probability of the given label less that of the
            other, over all copies. The lower, the likelier the label is wrong.
        files: how many files show the radiograph.
    """

    name: str
    given: int
    proposed: int
    score: float
    radiograph: str
    files: int


def rank_label_errors(evaluation: Evaluation) -> list[LabelDoubt]:
    """Return the radiographs that confident learning doubts, the likeliest wrong label first.

    Copies share one label, so that they are one case with their mean probability. Fewer than
    two classes leave nothing to compare with, and no doubt.
    """
    cases = list(gather_cases(evaluation.predictions).values())
    if not cases:
        return []
    labels = np.array([files[0].label for files in cases])
    p_fracture = np.array([np.mean([file.p_fracture for file in files]) for files in cases])
    margins = measure_margins(labels, p_fracture)
    order = rank_doubts(labels, p_fracture)
    return [
        LabelDoubt(
            name=min(cases[index], key=_measure_self_confidence).name,
            given=int(labels[index]),
            proposed=1 - int(labels[index]),
            score=round(float(margins[index]), 6),
            radiograph=cases[index][0].radiograph,
            files=len(cases[index]),
        )
        for index in order.tolist()
    ]


def rank_doubts(labels: np.ndarray, p_fracture: np.ndarray) -> np.ndarray:
    """Return the indices off the diagonal of the confident joint, by normalised margin; equal ones keep their order.

    A class's threshold is the mean probability that its own cases have for it. A case belongs to
    the class whose threshold it reaches; of two, to the likelier.

    Args:
        labels: ``(N,)`` 0 or 1.
        p_fracture: ``(N,)`` in [0, 1], of a network that has not learned from these labels.
    """
    given = np.asarray(labels).astype(bool)
    if given.all() or not given.any():
        return np.array([], np.int64)
    p_given = np.where(given, p_fracture, 1 - p_fracture)
    p_other = 1 - p_given
    thresholds = np.array([p_given[~given].mean(), p_given[given].mean()])
    of_given, of_other = thresholds[given.astype(int)], thresholds[1 - given.astype(int)]
    doubted = (p_other >= of_other) & ((p_given < of_given) | (p_other > p_given))
    indices = np.flatnonzero(doubted)
    return indices[np.argsort(p_given[indices], kind="stable")]


def measure_margins(labels: np.ndarray, p_fracture: np.ndarray) -> np.ndarray:
    """Return ``(N,)`` normalised margins: probability of the given label less that of the other."""
    return np.where(np.asarray(labels) == 1, 2 * p_fracture - 1, 1 - 2 * p_fracture)


def gather_cases(predictions: Sequence[Prediction]) -> dict[tuple[str, int], list[Prediction]]:
    """Return the files of each radiograph; with two labels, it is two cases."""
    cases: dict[tuple[str, int], list[Prediction]] = {}
    for prediction in predictions:
        cases.setdefault((prediction.radiograph, prediction.label), []).append(prediction)
    return cases


def _measure_self_confidence(prediction: Prediction) -> float:
    return prediction.p_fracture if prediction.label == 1 else 1 - prediction.p_fracture
