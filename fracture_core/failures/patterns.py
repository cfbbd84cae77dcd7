"""Where errors are frequent: the error rate of each region, view, hardware and size, and which part stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import t as student

from fracture_core.evaluation import Metric, build_metric, draw_weights
from fracture_core.failures.filters import NOT_KNOWN
from fracture_core.failures.table import FailureTable

SliceKind = Literal["region", "view", "hardware", "size"]
LEAST_GROUPS = 10  # fewer independent groups tell no rate that is worth a sentence
_FACETS: dict[SliceKind, str] = {"region": "regions", "view": "views", "hardware": "hardware", "size": "sizes"}
_LEVEL = 0.05


@dataclass(frozen=True)
class Slice:
    """One part of the files, and how often it is called wrongly at the balanced operating point.

    Attributes:
        name: a value of the filter that makes the part.
        error: share called wrongly, by file, with its 95% interval by bootstrap over groups.
        n_groups: independent groups (exams, radiographs with their copies) among the files.
        low_among_many: lower end of the interval widened for the number of parts looked at
            (Bonferroni), so that of many parts none stands out by chance; 0 where the part has
            fewer than ``LEAST_GROUPS``.
    """

    kind: SliceKind
    name: str
    error: Metric
    n_groups: int
    n_wrong: int
    low_among_many: float = 0.0

    @property
    def is_looked_at(self) -> bool:
        """Return whether the part has enough groups to be compared with the rest."""
        return self.n_groups >= LEAST_GROUPS


def measure_overall(table: FailureTable) -> Metric:
    """Return the share of all files that is called wrongly; without a value where there is none."""
    if table.frame.empty:
        return Metric(value=None, low=None, high=None, n=0)
    return _measure(table)[0][0].error


def measure_slices(table: FailureTable) -> list[Slice]:
    """Return the parts by kind, the highest error rate first; a kind that does not divide the files has none."""
    return [] if table.frame.empty else _measure(table)[1]


def find_worst_slice(slices: Sequence[Slice], overall: Metric) -> Slice | None:
    """Return the part of the highest error rate among those whose interval lies above the overall rate, if any does.

    It has to lie above with its 95% interval, and with the one widened for the number of parts.
    """
    clear = [
        part
        for part in slices
        if part.is_looked_at
        and overall.value is not None
        and min(part.error.low or 0.0, part.low_among_many) > overall.value
    ]
    return max(clear, key=lambda part: part.error.value or 0.0, default=None)


def describe_worst_slice(slices: Sequence[Slice], overall: Metric) -> str:
    """Return a sentence that names the worst part, or says that none stands out."""
    looked_at = sum(part.is_looked_at for part in slices)
    if looked_at == 0 or overall.value is None:
        return (
            "What is known of the images makes no parts to compare, or each has fewer than "
            f"{LEAST_GROUPS} independent radiographs."
        )
    worst = find_worst_slice(slices, overall)
    if worst is None:
        return (
            f"No part stands out: {overall.value:.0%} of all files are called wrongly, and of the {looked_at} parts "
            "looked at, none has its interval, widened for so many looks, above that rate."
        )
    error = worst.error
    return (
        f"{_name_images(worst)} stand out: {error.value:.0%} of {error.n:,} files are called wrongly ({error.low:.0%} "
        f"to {error.high:.0%}), against {overall.value:.0%} over all. This holds also with the interval widened for "
        f"the {looked_at} parts looked at."
    )


def _measure(table: FailureTable) -> tuple[list[Slice], list[Slice]]:
    """Return a slice of everything, then the parts; one matrix of weights serves all."""
    groups = np.array([item.group for item in table.evaluation.predictions], dtype=object)
    count, codes = len(groups), np.unique(groups.astype(str), return_inverse=True)[1]
    weights = draw_weights(codes)
    named = [
        (kind, facet.values[index], facet.find([facet.values[index]], count))
        for kind, field in _FACETS.items()
        for facet in [table.facets[field]]
        for index in np.flatnonzero(facet.count(np.ones(count, bool)))
    ]
    parts = [(kind, name, mask) for kind, name, mask in named if not mask.all()]
    everything: tuple[SliceKind, str, np.ndarray] = ("region", "everything", np.ones(count, bool))
    n_groups = [len(np.unique(codes[mask])) for _, _, mask in (everything, *parts)]
    looks = sum(number >= LEAST_GROUPS for number in n_groups[1:])
    wrong = table.frame["wrong"].to_numpy()
    slices = [
        _build_slice(kind, name, mask, wrong, weights, number, looks)
        for (kind, name, mask), number in zip((everything, *parts), n_groups, strict=True)
    ]
    kinds = list(_FACETS)
    return slices[:1], sorted(slices[1:], key=lambda part: (kinds.index(part.kind), -(part.error.value or 0.0)))


def _build_slice(
    kind: SliceKind, name: str, mask: np.ndarray, wrong: np.ndarray, weights: np.ndarray, n_groups: int, looks: int
) -> Slice:
    # Only the slice's own columns: a share of them needs no others.
    own, wrong = weights[:, mask], wrong[mask]
    with np.errstate(invalid="ignore"):
        shares = own @ wrong.astype(own.dtype) / own.sum(axis=1)
    return Slice(
        kind=kind,
        name=name,
        error=build_metric(shares, int(mask.sum()), n_groups),
        n_groups=n_groups,
        n_wrong=int(wrong.sum()),
        low_among_many=_find_low(shares, n_groups, looks),
    )


def _find_low(shares: np.ndarray, n_groups: int, looks: int) -> float:
    """Return the lower end of the interval at the level divided by the number of looks.

    So far out, 1,000 resamples have too few draws to count; the bootstrap's standard error with
    Student's t stands in, and the exact end (Clopper & Pearson) where all are wrong.
    """
    if n_groups < LEAST_GROUPS or looks == 0:
        return 0.0
    tail, value = _LEVEL / 2 / looks, float(shares[0])
    if value == 1.0:
        return float(tail ** (1 / n_groups))
    return max(0.0, value - float(student.ppf(1 - tail, n_groups - 1)) * float(np.nanstd(shares[1:])))


def _name_images(part: Slice) -> str:
    if part.name == NOT_KNOWN:
        return f"Images of which the {part.kind} is not known"
    if part.kind == "view":
        return f"{part.name.capitalize()} views"
    if part.kind == "hardware":
        return "Images with metal hardware" if part.name == "visible" else "Images without metal hardware"
    if part.kind == "size":
        return f"Images {'' if part.name.startswith('under') else 'of '}{part.name} at the longer side"
    return f"Images of the region “{part.name}”"
