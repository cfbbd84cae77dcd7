"""Divide a data set so that no radiograph, and no copy of one, is on two sides."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fracture_core.base import DatasetError, quote_first
from fracture_core.datasets.layouts.items import LABELS, DatasetItem

_Stratum = tuple[int, str | None]  # label, region


@dataclass(frozen=True)
class SplitLeak:
    """A group that is on more than one side of a split; names by split, sorted."""

    group: str
    names: dict[str, tuple[str, ...]]


def make_split(items: Sequence[DatasetItem], *, seed: int, fractions: dict[str, float]) -> dict[str, str]:
    """Divide items by group, with labels and regions spread in proportion.

    The same items, seed and fractions give the same split, whatever their order.

    Args:
        items: run ``merge_groups`` first, or copies may end on two sides.
        seed: chooses among the possible splits.
        fractions: share of each split by its name, such as
            ``{"train": 0.7, "val": 0.15, "test": 0.15}``; they sum to 1.

    Returns:
        Split name by item name.

    Raises:
        DatasetError: the fractions do not sum to 1, or there are too few groups
            for every split to hold both classes.
    """
    _check_fractions(fractions)
    groups = _gather_groups(items)
    if len(groups) < len(fractions):
        raise DatasetError(
            f"{len(groups)} groups ({quote_first(sorted(groups))}) cannot be divided into {len(fractions)} splits.",
            "Add radiographs of other patients, or ask for fewer splits.",
        )
    order = _order_groups(groups, seed)
    placed = _place_one_of_each_label(order, groups, fractions)
    _place_rest(order, groups, fractions, placed)
    return {item.name: placed[item.group] for item in items}


def random_split(items: Sequence[DatasetItem], *, seed: int, fractions: dict[str, float]) -> dict[str, str]:
    """Divide items file by file, as the paper did. WARNING: this leaks.

    Copies of one radiograph, and views of one exam, end on both sides, so that
    figures measured with it are too high. It is here to show by how much; use
    ``make_split`` for anything else.

    Raises:
        DatasetError: the fractions do not sum to 1.
    """
    _check_fractions(fractions)
    names = sorted(item.name for item in items)
    random.Random(seed).shuffle(names)
    split: dict[str, str] = {}
    start, cumulative = 0, 0.0
    for name, fraction in fractions.items():
        cumulative += fraction
        end = round(cumulative * len(names))
        split.update(dict.fromkeys(names[start:end], name))
        start = end
    return split


def published_split(items: Sequence[DatasetItem]) -> dict[str, str]:
    """Return the split the data set was published with; ``find_leaks`` tells whether it leaks.

    Raises:
        DatasetError: some items have none.
    """
    without = sorted(item.name for item in items if item.published_split is None)
    if without or not items:
        raise DatasetError(
            f"{len(without)} of {len(items)} items have no published split ({quote_first(without)}).",
            "Make one with make_split.",
        )
    return {item.name: item.published_split for item in items if item.published_split is not None}


def find_leaks(items: Sequence[DatasetItem], split: dict[str, str]) -> list[SplitLeak]:
    """Return the groups that are on more than one side, sorted; items without a split are passed over."""
    names: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.name in split:
            names[item.group][split[item.name]].append(item.name)
    return [
        SplitLeak(group, {side: tuple(sorted(sides[side])) for side in sorted(sides)})
        for group, sides in sorted(names.items())
        if len(sides) > 1
    ]


def _check_fractions(fractions: dict[str, float]) -> None:
    if not fractions or min(fractions.values()) <= 0 or abs(sum(fractions.values()) - 1) > 1e-6:
        raise DatasetError(
            f"The fractions {fractions} are no division of a whole.", "Give shares above 0 that sum to 1."
        )


def _gather_groups(items: Sequence[DatasetItem]) -> dict[str, Counter[_Stratum]]:
    groups: defaultdict[str, Counter[_Stratum]] = defaultdict(Counter)
    for item in items:
        groups[item.group][item.label, item.region] += 1
    return dict(groups)


def _order_groups(groups: dict[str, Counter[_Stratum]], seed: int) -> list[str]:
    """Return groups in random order, large ones before small ones.

    Sizes count by powers of two, so that the seed still decides among groups of
    about one size.
    """
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    return sorted(order, key=lambda group: -groups[group].total().bit_length())


def _place_one_of_each_label(
    order: list[str], groups: dict[str, Counter[_Stratum]], fractions: dict[str, float]
) -> dict[str, str]:
    """Give every split a small group of each label, so that none is left with one class."""
    placed: dict[str, str] = {}
    held: dict[str, set[int]] = {split: set() for split in fractions}
    labels = {group: {label for label, _ in strata} for group, strata in groups.items()}
    small_and_pure_first = order[::-1]  # of equals, those that ``_place_rest`` would come to last
    small_and_pure_first.sort(key=lambda group: (len(labels[group]), groups[group].total()))
    for split in sorted(fractions, key=lambda split: fractions[split]):
        for label, label_name in enumerate(LABELS):
            if label in held[split]:
                continue
            free = (group for group in small_and_pure_first if group not in placed and label in labels[group])
            group = next(free, None)
            if group is None:
                raise DatasetError(
                    f'The split "{split}" would hold no radiograph that is {label_name}: '
                    f"{sum(label in held for held in labels.values())} groups hold one, for {len(fractions)} splits.",
                    "Add radiographs of that class from other patients, or ask for fewer splits.",
                )
            placed[group] = split
            held[split] |= labels[group]
    return placed


def _place_rest(
    order: list[str], groups: dict[str, Counter[_Stratum]], fractions: dict[str, float], placed: dict[str, str]
) -> None:
    """Put each remaining group where its labels and regions are scarcest for the split's share."""
    totals: Counter[_Stratum] = sum(groups.values(), Counter())
    counts: dict[str, Counter[_Stratum]] = {split: Counter() for split in fractions}
    for group, split in placed.items():
        counts[split] += groups[group]

    def growth(split: str, group: str) -> float:
        # How much the squared relative excess over the split's share would grow.
        return sum(
            n * (2 * counts[split][stratum] + n) / (fractions[split] * totals[stratum])
            for stratum, n in groups[group].items()
        )

    for group in order:
        if group not in placed:
            placed[group] = min(fractions, key=lambda split: growth(split, group))
            counts[placed[group]] += groups[group]
