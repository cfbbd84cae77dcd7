"""How well the ranking of likely label errors finds wrong labels: planted ones, and those that people found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fracture_core.evaluation import Evaluation, Metric, compute_share, draw_weights
from fracture_core.failures.label_errors import gather_cases, rank_doubts
from fracture_core.failures.reviews.records import Review

DRAWS = 200
PLANTED_SHARE = 0.05


@dataclass(frozen=True)
class Spread:
    """The mean over draws, and the range in which 95% of the draws lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class LabelRanking:
    """What looking at the first radiographs of the ranking would have found of labels made wrong on purpose.

    Attributes:
        cases: radiographs; ``planted`` of them, drawn at random, were given the other label in each draw.
        first: how many of the ranking are looked at.
        found: share of the planted ones among the first.
        at_most: the share that a perfect ranking would find, below 1 where more were planted than are looked at.
        by_chance: the share that looking at as many at random finds, on average.
        precision: share of the first that were planted. Labels that were wrong before count against it.
    """

    cases: int
    planted: int
    first: int
    draws: int
    found: Spread
    at_most: float
    by_chance: float
    precision: Spread


def measure_label_ranking(
    evaluation: Evaluation, first: int = 50, *, share: float = PLANTED_SHARE, draws: int = DRAWS, seed: int = 0
) -> LabelRanking | None:
    """Return how many labels, made wrong at random, stand among the first of the ranking; None without two classes.

    Labels are turned for whole radiographs, as a wrong label is. Real label errors are often made
    where radiographs are hard, for people and for the network: expect to find fewer of them.

    Args:
        share: of radiographs whose label is turned in each draw; one at least.
    """
    cases = list(gather_cases(evaluation.predictions).values())
    labels = np.array([files[0].label for files in cases], np.int64)
    if len(np.unique(labels)) < 2:
        return None
    p_fracture = np.array([np.mean([file.p_fracture for file in files]) for files in cases])
    planted = max(1, round(share * len(cases)))
    random = np.random.default_rng(seed)
    found, precision, looks = [], [], []
    for _ in range(draws):
        turned = random.choice(len(cases), planted, replace=False)
        made = labels.copy()
        made[turned] = 1 - made[turned]
        looked_at = rank_doubts(made, p_fracture)[:first]
        looks.append(len(looked_at))
        hits = int(np.isin(looked_at, turned).sum())
        found.append(hits / planted)
        precision.append(hits / len(looked_at) if len(looked_at) else 0.0)
    return LabelRanking(
        cases=len(cases),
        planted=planted,
        first=first,
        draws=draws,
        found=_spread(found),
        at_most=min(1.0, first / planted),
        by_chance=round(float(np.mean(looks)) / len(cases), 4),
        precision=_spread(precision),
    )


def measure_reviewed_ranking(evaluation: Evaluation, reviews: Mapping[str, Review], first: int = 50) -> Metric | None:
    """Return the share of the labels that people hold to be wrong among the first; None where they hold none to be.

    A radiograph counts where another label than its own is proposed for one of its files.
    """
    cases = list(gather_cases(evaluation.predictions).values())
    labels = np.array([files[0].label for files in cases], np.int64)
    wrong = np.array([any(_is_held_wrong(reviews.get(file.name), file.label) for file in files) for files in cases])
    if not wrong.any():
        return None
    p_fracture = np.array([np.mean([file.p_fracture for file in files]) for files in cases])
    found = np.zeros(len(cases), bool)
    found[rank_doubts(labels, p_fracture)[:first]] = True
    return compute_share(found, wrong, draw_weights(np.array([files[0].group for files in cases])))


def describe_label_ranking(ranking: LabelRanking | None) -> str:
    """Return in a sentence what looking at the first of the ranking would find."""
    if ranking is None:
        return "Radiographs of both classes are needed to rank labels."
    if ranking.cases <= ranking.first:
        return f"There are {ranking.cases} radiographs only: look at all of them."
    found, precision = ranking.found, ranking.precision
    labels = "label" if ranking.planted == 1 else "labels"
    return (
        f"Of {ranking.planted:,} {labels} turned on purpose among {ranking.cases:,} radiographs, the first "
        f"{ranking.first} of this ranking hold {found.mean:.0%} on average ({found.low:.0%} to {found.high:.0%} in 95% "
        f"of {ranking.draws} draws; by chance {ranking.by_chance:.0%}, at most {ranking.at_most:.0%}); "
        f"{precision.mean:.0%} of those looked at were turned ones. Real label errors are often harder to find."
    )


def _is_held_wrong(review: Review | None, label: int) -> bool:
    return review is not None and review.proposed_label is not None and review.proposed_label != label


def _spread(values: list[float]) -> Spread:
    low, high = np.percentile(values, [2.5, 97.5])
    return Spread(round(float(np.mean(values)), 4), round(float(low), 4), round(float(high), 4))
