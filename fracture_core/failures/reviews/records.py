"""What people said of a radiograph: the events as they were written, and what they add up to."""

from dataclasses import dataclass
from datetime import datetime

from fracture_core.store import ReviewEventKind


@dataclass(frozen=True)
class ReviewEvent:
    """One thing that somebody said; kept for ever.

    Attributes:
        number: counts up over all data sets.
        at: in UTC.
        dataset, name: the file, as an evaluation names it.
        value: the tag, the note's text, the proposed label ("0", "1", or empty for
            none), or whether it is reviewed ("1" or "0").
    """

    number: int
    at: datetime
    who: str
    dataset: str
    name: str
    kind: ReviewEventKind
    value: str


@dataclass(frozen=True)
class Note:
    """A remark; ``at`` in UTC."""

    text: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """What holds for one file after all that was said of it.

    Attributes:
        tags: in the order they were given, each once.
        notes: the first one first.
        proposed_label: index into ``data.items.LABELS`` that somebody holds to be right; None
            where nobody proposes one.
        proposed_by: who proposed it last; empty where nobody does.
        reviewed: whether somebody has marked it as looked at.
        last_by, last_at: who said something last, and when, in UTC.
    """

    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    proposed_label: int | None = None
    proposed_by: str = ""
    reviewed: bool = False
    last_by: str = ""
    last_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is left of what was said, as after a tag that was taken off again."""
        return not (self.tags or self.notes or self.reviewed or self.proposed_label is not None)
