"""Radiographs on a side that a network has seen: as a copy, or as another view of one exam."""

from collections.abc import Iterable

from fracture_core.base import LeakError, quote_first
from fracture_core.datasets import LabelledImages
from fracture_core.evaluation.records import Leaks

# Sides that were learned from before a side is measured: validation chose the epoch and the thresholds.
LEARNT_BEFORE: dict[str, tuple[str, ...]] = {"train": (), "val": ("train",), "test": ("train", "val")}
_FIRST = 5


def find_leaking(side: LabelledImages, learnt_groups: Iterable[str]) -> Leaks | None:
    """Return what of a side is in a group that was learned from; None where nothing is.

    Args:
        side: the radiographs to measure on; their groups hold all copies.
    """
    learnt = set(learnt_groups)
    leaking = [
        (item.name, radiograph)
        for item, radiograph in zip(side.items, side.radiographs, strict=True)
        if item.group in learnt
    ]
    if not leaking:
        return None
    names = [name for name, _ in leaking]
    return Leaks(
        radiographs=len({radiograph for _, radiograph in leaking}), files=len(names), first=tuple(names[:_FIRST])
    )


def refuse_leaks(leaks: Leaks | None, what: str) -> None:
    """Raise if anything leaks.

    Args:
        what: the split in words, such as "The published split of 'paper'".

    Raises:
        LeakError: says how many radiographs leak, and names the first.
    """
    if leaks is None:
        return
    names = quote_first([*leaks.first, *[""] * (leaks.files - len(leaks.first))], limit=len(leaks.first))
    raise LeakError(
        f"{what} leaks: {leaks.radiographs} radiographs ({leaks.files} files) have a copy, or another view of their "
        f"exam, on a side that is learned from: {names}.",
        "Figures over them would be too good. Measure on a clean side, or ask for --as-published: every figure then "
        "carries that mark.",
    )
