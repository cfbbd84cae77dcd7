"""Shares of a test set in words: how many of how many, with an interval that is never narrower than measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from fracture_core.evaluation.metrics import Metric, compute_share, draw_weights
from fracture_core.evaluation.records import Prediction

FEW = 20  # a share of files of fewer groups than this says little
_ENOUGH_FOR_100 = 100  # from so many files on, "of 100" is no larger than what was counted


@dataclass(frozen=True)
class Share:
    """How many of some files are of a kind; the interval is by bootstrap over groups (see ``evaluation.metrics``)."""

    hits: int
    n_groups: int
    metric: Metric

    @property
    def n(self) -> int:
        return self.metric.n


def count_share(predictions: Sequence[Prediction], hit: Sequence[bool], base: Sequence[bool]) -> Share:
    """Return the share of ``base`` that is ``hit``; both ``(N,)``, one a prediction."""
    hits, inside = np.asarray(hit, bool), np.asarray(base, bool)
    groups = np.array([each.group for each in predictions])
    weights = draw_weights(groups)
    return Share(int((hits & inside).sum()), len(set(groups[inside])), compute_share(hits, inside, weights))


def word_share(share: Share, whole: str, part: str) -> str:
    """Return a sentence such as "Of 100 radiographs called negative, 3 had a fracture (10 of 353 counted; ...)".

    Args:
        whole: what is counted, such as "radiographs called negative on the test set FracAtlas".
        part: what some of them are, such as "{} had a fracture".
    """
    interval = word_interval(share.metric)
    few = " These are too few to judge by." if share.n_groups < FEW else ""
    if share.n >= _ENOUGH_FOR_100:
        counted = f"{share.hits:,} of {share.n:,} counted; {interval}"
        return f"Of 100 {whole}, {part.format(_word_of_100(share))} ({counted}).{few}"
    return f"Of {share.n} {whole}, {part.format(share.hits)} ({interval} of 100).{few}"


def word_interval(metric: Metric) -> str:
    """Return the 95% interval in whole numbers of 100, rounded outwards."""
    if metric.low is None or metric.high is None:
        return "no interval can be given"
    low, high = floor(100 * metric.low), ceil(100 * metric.high)
    return f"95% interval {low} to {high}"


def _word_of_100(share: Share) -> str:
    of_100 = 100 * share.hits / share.n
    if share.hits > 0 and of_100 < 0.5:
        return "fewer than 1"
    if share.hits < share.n and of_100 > 99.5:
        return "more than 99"
    return str(round(of_100))
