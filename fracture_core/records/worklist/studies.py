"""Several views of one exam read together: one call, and the order in which a list is worked off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fracture_core.records.worklist.records import WorklistItem
from fracture_core.store import Call

_RANK: dict[Call | None, int] = {"positive": 0, "uncertain": 1, "negative": 2}
_REFUSED, _FAILED, _WAITING = 3, 4, 5


@dataclass(frozen=True)
class Study:
    """The views of one exam, or a radiograph that stands alone.

    Attributes:
        number: 1 for the exam of the worklist's first file; stays while nothing is regrouped.
        items: its views, the first file first.
    """

    number: int
    items: tuple[WorklistItem, ...]

    @property
    def call(self) -> Call | None:
        """The call of the exam; see ``combine_calls``."""
        return combine_calls(item.shown_call for item in self.items)

    @property
    def p_fracture(self) -> float | None:
        """The highest probability of the views that are read; None where none is."""
        return max((item.shown_p for item in self.items if item.shown_p is not None), default=None)

    @property
    def unread(self) -> int:
        """How many views do not count: refused, failed or still waiting."""
        return sum(item.shown_call is None for item in self.items)


def combine_calls(calls: Iterable[Call | None]) -> Call | None:
    """Return positive if any view is, else uncertain if any is, else negative; None where no view is read."""
    return min((call for call in calls if call), key=_RANK.__getitem__, default=None)


def build_studies(items: Sequence[WorklistItem]) -> list[Study]:
    """Return the exams of a worklist, the one of the first file first."""
    grouped: dict[str, list[WorklistItem]] = {}
    for item in items:
        grouped.setdefault(item.study or f"alone-{item.number}", []).append(item)
    return [Study(number, tuple(views)) for number, views in enumerate(grouped.values(), 1)]


def sort_items(items: Iterable[WorklistItem]) -> list[WorklistItem]:
    """Return likely fractures first, then what is refused, what failed, and what still waits."""
    return sorted(items, key=_rank_item)


def sort_studies(studies: Iterable[Study]) -> list[Study]:
    """Return exams in the order of their likeliest view."""
    return sorted(studies, key=lambda study: min(_rank_item(item) for item in study.items))


def _rank_item(item: WorklistItem) -> tuple[int, float, int]:
    if item.shown_call is not None and item.shown_p is not None:
        return _RANK[item.shown_call], -item.shown_p, item.number
    rank = _REFUSED if item.is_refused else _FAILED if item.status == "failed" else _WAITING
    return rank, 0.0, item.number
