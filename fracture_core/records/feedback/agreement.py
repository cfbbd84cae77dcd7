"""How often readers agree with the model, and the figures that their labels imply, each with an exact interval.

Only judged readings are counted. Which ones people judge is their choice, and they had seen the call: the figures
are no estimate of what the model does on all readings (verification bias; Begg & Greenes 1983).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from fracture_core.base import FeedbackError
from fracture_core.evaluation import Metric, count_exact_share
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import Judged, read_judged
from fracture_core.records.feedback.rules import find_called_label

AgreementBy = Literal["all", "month", "week", "region", "model", "call"]
BY: tuple[AgreementBy, ...] = get_args(AgreementBy)
CAUTION = (
    "Counted among judged readings only. People choose which readings they judge, more often striking ones, and they "
    "have seen the model's call before; so this is not how often the model is right in general."
)
_KEYS: dict[AgreementBy, Callable[[Judged], str]] = {
    "all": lambda each: "all",
    "month": lambda each: f"{each.at:%Y-%m}",
    "week": lambda each: f"{each.at:%G-W%V}",
    "region": lambda each: each.region,
    "model": lambda each: f"{each.model} {each.model_sha256[:8]}",
    "call": lambda each: each.call,
}


@dataclass(frozen=True)
class Agreement:
    """Some judged radiographs.

    Attributes:
        key: the month, region, or what they have in common.
        n: radiographs that were judged.
        n_disputed: of which as many readers say the one as the other; in no figure.
        n_uncertain: which the model called uncertain and the readers agree on; in ``figures``, not in ``agreement``.
        agreement: share of positive and negative calls that the readers' consensus bears out.
        figures: accuracy, sensitivity, specificity, ppv and npv at the model's balanced point, the readers'
            consensus taken as right.
    """

    key: str
    n: int
    n_disputed: int
    n_uncertain: int
    agreement: Metric
    figures: dict[str, Metric]


def measure_agreement(by: AgreementBy = "all", filters: FeedbackFilters | None = None) -> list[Agreement]:
    """Return agreement by a property; months and weeks are of the reading, the earliest first, others by size.

    Raises:
        FeedbackError: there is no such property.
        StoreError: the database cannot be used.
    """
    return divide(read_judged(filters), by)


def divide(judged: Iterable[Judged], by: AgreementBy) -> list[Agreement]:
    """Return the agreement of each part of judged radiographs; as ``measure_agreement``."""
    if by not in BY:
        raise FeedbackError(f"Agreement cannot be divided by {by}.", f"Divide it by one of: {', '.join(BY)}.")
    parts: dict[str, list[Judged]] = {}
    for each in judged:
        parts.setdefault(_KEYS[by](each), []).append(each)
    rows = [_count(key, part) for key, part in parts.items()]
    return sorted(rows, key=lambda row: row.key if by in ("month", "week") else (-row.n, row.key))


def count_figures(judged: Iterable[Judged]) -> dict[str, Metric]:
    """Return accuracy, sensitivity, specificity, ppv and npv by the readers' consensus; disputed ones do not count."""
    tally = [[0, 0], [0, 0]]  # by what is right, then by what was called
    for each in judged:
        right = each.consensus.label
        if right is not None:
            tally[right][each.called] += 1
    (true_negative, false_positive), (false_negative, true_positive) = tally
    n = sum(map(sum, tally))
    return {
        "accuracy": count_exact_share(true_positive + true_negative, n),
        "sensitivity": count_exact_share(true_positive, true_positive + false_negative),
        "specificity": count_exact_share(true_negative, true_negative + false_positive),
        "ppv": count_exact_share(true_positive, true_positive + false_positive),
        "npv": count_exact_share(true_negative, true_negative + false_negative),
    }


def _count(key: str, part: list[Judged]) -> Agreement:
    settled = [each for each in part if each.consensus.label is not None]
    certain = [each for each in settled if find_called_label(each.call) is not None]
    borne_out = sum(find_called_label(each.call) == each.consensus.label for each in certain)
    return Agreement(
        key=key,
        n=len(part),
        n_disputed=len(part) - len(settled),
        n_uncertain=len(settled) - len(certain),
        agreement=count_exact_share(borne_out, len(certain)),
        figures=count_figures(settled),
    )
