"""One division into train, validation and test over one or several data sets."""

from collections.abc import Mapping, Sequence

import numpy as np

from fracture_core.base import DatasetError
from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.sources import REVIEWED_DATASET
from fracture_core.datasets.splits.division import find_leaks, make_split, published_split, random_split

FRACTIONS = {"train": 0.65, "val": 0.15, "test": 0.2}
_MOST_HELD_OUT_FIRST = ("test", "val", "train")


KeptSides = Mapping[str, Mapping[str, frozenset[str]]]  # by data set and side, names relative to its root


def divide_by_group(
    images: LabelledImages, *, seed: int = 0, kept: KeptSides | None = None
) -> dict[str, LabelledImages]:
    """Divide images so that no radiograph is on two sides.

    Args:
        kept: the sides that a data set had before. They stay, with what shares a
            group with them, when the set has grown or shrunk, so that models made
            before and after can be compared; what is new is divided between
            training and validation. Where no data set has a validation side left, what
            was for training is divided once more.

    Each data set is divided by itself, so that adding another does not move its
    radiographs. Reviewed ones are there to be learned from: beside another data
    set they are on the training side, if no copy of them is held out. A published
    test folder stays the test part (a published "val" without "test" counts as
    such); the rest is divided by group. Groups that span sides or data sets go
    whole to the side that is held out most.

    Raises:
        DatasetError: too few groups to divide.
    """
    split = _split_datasets(images, seed, kept or {}, is_validated=False)
    if "val" not in split.values():  # nothing is left that could validate a training
        split = _split_datasets(images, seed, kept or {}, is_validated=True)
    for leak in find_leaks(images.items, split):
        side = next(side for side in _MOST_HELD_OUT_FIRST if side in leak.names)
        split |= {name: side for names in leak.names.values() for name in names}
    return _select_sides(images, split)


def divide_as_published(
    images: LabelledImages, *, seed: int, validation_share: float = 0.1
) -> dict[str, LabelledImages]:
    """Divide images as the paper did. WARNING: this leaks; ``divide_by_group`` does not.

    The published held-out folder is the test part. Of the rest, a random tenth of
    the files is for validation, wherever the other copies of a radiograph are.

    Raises:
        DatasetError: a data set was published without a split.
    """
    split: dict[str, str] = {}
    for items in _by_dataset(images).values():
        published = published_split(items)
        train = [item for item in items if published[item.name] == "train"]
        shares = {"train": 1 - validation_share, "val": validation_share}
        split |= {name: "test" for name, side in published.items() if side != "train"}
        split |= random_split(train, seed=seed, fractions=shares)
    return _select_sides(images, split)


def limit_copies(images: LabelledImages, count: int) -> LabelledImages:
    """Return at most ``count`` files of each radiograph, spread evenly over its copies."""
    members: dict[str, list[str]] = {}
    for item, radiograph in zip(images.items, images.radiographs, strict=True):
        members.setdefault(radiograph, []).append(item.name)
    chosen: set[str] = set()
    for names in members.values():
        picks = np.linspace(0, len(names) - 1, min(count, len(names))).round().astype(int)
        chosen |= {names[pick] for pick in picks}
    return images.select(chosen)


def _select_sides(images: LabelledImages, split: dict[str, str]) -> dict[str, LabelledImages]:
    return {side: images.select({name for name, placed in split.items() if placed == side}) for side in FRACTIONS}


def _by_dataset(images: LabelledImages) -> dict[str, list[DatasetItem]]:
    parts: dict[str, list[DatasetItem]] = {}
    for item, dataset in zip(images.items, images.datasets, strict=True):
        parts.setdefault(dataset, []).append(item)
    return parts


def _split_datasets(images: LabelledImages, seed: int, kept: KeptSides, *, is_validated: bool) -> dict[str, str]:
    """Divide each data set by itself; with ``is_validated`` each has a validation side, whatever it had before."""
    split: dict[str, str] = {}
    datasets = _by_dataset(images)
    for dataset, items in datasets.items():
        if dataset == REVIEWED_DATASET and len(datasets) > 1:  # often too few to be divided
            split |= dict.fromkeys((item.name for item in items), "train")
            continue
        before = {f"{dataset}/{name}": side for side, names in kept.get(dataset, {}).items() for name in names}
        split |= _split_around(items, before, seed, is_validated=is_validated)
    return split


def _split_around(
    items: Sequence[DatasetItem], before: Mapping[str, str], seed: int, *, is_validated: bool
) -> dict[str, str]:
    """Divide one data set; groups stay on the sides where ``before`` had their names, if any is left for test."""
    sides = _place_groups(items, before)
    if "test" not in sides.values():
        return _split_dataset(items, seed)
    if is_validated and "val" not in sides.values():
        sides = {group: side for group, side in sides.items() if side == "test"}
    rest = [item for item in items if item.group not in sides]
    return _split_rest(rest, seed, is_all=is_validated and "val" not in sides.values()) | {
        item.name: sides[item.group] for item in items if item.group in sides
    }


def _place_groups(items: Sequence[DatasetItem], before: Mapping[str, str]) -> dict[str, str]:
    sides: dict[str, str] = {}
    for side in reversed(_MOST_HELD_OUT_FIRST):
        sides |= {item.group: side for item in items if before.get(item.name) == side}
    return sides


def _split_rest(items: Sequence[DatasetItem], seed: int, *, is_all: bool) -> dict[str, str]:
    """Divide between training and validation; what came later is for training where it is too little for both."""
    learned = FRACTIONS["train"] + FRACTIONS["val"]
    shares = {side: FRACTIONS[side] / learned for side in ("train", "val")}
    try:
        return make_split(items, seed=seed, fractions=shares)
    except DatasetError:
        if is_all:
            raise
        return dict.fromkeys((item.name for item in items), "train")


def _split_dataset(items: Sequence[DatasetItem], seed: int) -> dict[str, str]:
    published = {item.published_split for item in items}
    if not published >= {"train"} or not published & {"val", "test"} or None in published:
        return make_split(items, seed=seed, fractions=FRACTIONS)
    as_published = {item.name: _read_side(item, published) for item in items}
    if "val" in as_published.values():
        return as_published
    train = [item for item in items if as_published[item.name] == "train"]
    return as_published | make_split(train, seed=seed, fractions={"train": 0.85, "val": 0.15})


def _read_side(item: DatasetItem, published: set[str | None]) -> str:
    if item.published_split == "val" and "test" not in published:
        return "test"
    return str(item.published_split)
