"""Two evaluations of the same radiographs, side by side."""

from collections.abc import Iterator, Sequence

import numpy as np

from fracture_core.evaluation.comparison import compare_checkpoints
from fracture_core.evaluation.gate.measure import restrict
from fracture_core.evaluation.gate.report import Disputed, GateSide, Part
from fracture_core.evaluation.metrics import Metric, build_metric, compute_metrics, compute_shares, draw_weights
from fracture_core.evaluation.records import Evaluation, Prediction

_HARDWARE = {True: "hardware visible", False: "no hardware"}
_Pairs = list[tuple[Prediction, Prediction]]  # champion's and candidate's of one radiograph


def build_side(champion: Evaluation, candidate: Evaluation, note: str = "") -> GateSide:
    """Return both models on the radiographs that both have read.

    Raises:
        EvaluationError: other labels, or fewer than two radiographs of a class.
    """
    common = {item.name for item in champion.predictions} & {item.name for item in candidate.predictions}
    champion, candidate = restrict(champion, common), restrict(candidate, common)
    comparison = compare_checkpoints(champion, candidate)
    of_candidate = {prediction.name: prediction for prediction in candidate.predictions}
    pairs = [(prediction, of_candidate[prediction.name]) for prediction in champion.predictions]
    labels, groups = _list_labels(pairs), _list_groups(pairs)
    thresholds = (champion.threshold, candidate.threshold)
    weights = draw_weights(groups)
    return GateSide(
        dataset=champion.dataset,
        fingerprint=champion.fingerprint,
        comparison=comparison,
        champion=_measure(pairs, 0, thresholds[0], weights),
        candidate=_measure(pairs, 1, thresholds[1], weights),
        champion_threshold=champion.threshold,
        candidate_threshold=candidate.threshold,
        sensitivity_difference=_differ(pairs, thresholds, labels == 1, weights),
        specificity_difference=_differ(pairs, thresholds, labels == 0, weights),
        n_fractured_groups=len(np.unique(groups[labels == 1])),
        n_other_groups=len(np.unique(groups[labels == 0])),
        parts=tuple(_list_parts(pairs, thresholds)),
        disputed=_list_disputed(pairs),
        note=note,
    )


def _differ(pairs: _Pairs, thresholds: tuple[float, float], base: np.ndarray, weights: np.ndarray) -> Metric:
    """Return by how much the share of ``base`` that is called rightly differs, candidate minus champion."""
    labels = _list_labels(pairs)
    shares = []
    for which, threshold in enumerate(thresholds):
        right = (_list_p(pairs, which) >= threshold) == (labels == 1)
        shares.append(compute_shares(right, base, weights))
    return build_metric(shares[1] - shares[0], int(base.sum()))


def _measure(pairs: _Pairs, which: int, threshold: float, weights: np.ndarray | None = None) -> dict[str, Metric]:
    return compute_metrics(_list_labels(pairs), _list_p(pairs, which), _list_groups(pairs), threshold, weights=weights)


def _list_parts(pairs: _Pairs, thresholds: tuple[float, float]) -> Iterator[Part]:
    """Yield what regions, views and hardware divide the radiographs into, larger parts first."""
    kinds: dict[str, list[Sequence[str]]] = {
        "region": [(first.region,) if first.region else () for first, _ in pairs],
        "view": [first.views for first, _ in pairs],
        "hardware": [(_HARDWARE[first.hardware],) if first.hardware is not None else () for first, _ in pairs],
    }
    for kind, names in kinds.items():
        members = {
            part: [pair for pair, of_file in zip(pairs, names, strict=True) if part in of_file]
            for part in sorted({name for of_file in names for name in of_file})
        }
        for part, inside in sorted(members.items(), key=lambda member: -len(member[1])):
            if len(inside) < len(pairs):
                yield Part(
                    kind=kind,
                    name=part,
                    n=len(inside),
                    n_groups=len(np.unique(_list_groups(inside))),
                    n_fractured=int(_list_labels(inside).sum()),
                    champion=_measure(inside, 0, thresholds[0]),
                    candidate=_measure(inside, 1, thresholds[1]),
                )


def _list_disputed(pairs: _Pairs) -> tuple[Disputed, ...]:
    """Return what one calls rightly and the other wrongly, the most different probabilities first."""
    found = [
        Disputed(
            name=first.name,
            label=first.label,
            region=first.region,
            p_champion=first.p_fracture,
            p_candidate=second.p_fracture,
            candidate_is_right=second.correct,
        )
        for first, second in pairs
        if first.correct != second.correct
    ]
    return tuple(sorted(found, key=lambda item: (-abs(item.p_candidate - item.p_champion), item.name)))


def _list_labels(pairs: _Pairs) -> np.ndarray:
    return np.array([first.label for first, _ in pairs])


def _list_groups(pairs: _Pairs) -> np.ndarray:
    return np.array([first.group for first, _ in pairs])


def _list_p(pairs: _Pairs, which: int) -> np.ndarray:
    return np.array([pair[which].p_fracture for pair in pairs])
