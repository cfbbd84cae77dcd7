"""What a person says of one reading, and what several of them come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Feedback:
    """What one person said of one reading at one time; kept as it is when the person says something else later.

    Attributes:
        number: counts up over all readings.
        reading_id: of ``history.ReadingRecord``.
        at: in UTC.
        who: the name as it was written.
        person: the same however it is written: "Ada" and "ada" are one person.
        agrees: with the call; None where the call was uncertain, which leaves nothing to agree with.
        label: what the person holds to be right, index into ``data.items.LABELS``.
        region: body part in plain words; empty where nothing is said of it.
        note: the person's remark; may be empty.
        saw_others: whether another reader's word was shown to this person before.
    """

    number: int
    reading_id: str
    at: datetime
    who: str
    person: str
    agrees: bool | None
    label: int
    region: str
    note: str
    saw_others: bool


@dataclass(frozen=True)
class Consensus:
    """What the last words of all persons come to.

    Attributes:
        fractured, not_fractured: persons who say so.
    """

    fractured: int
    not_fractured: int

    @property
    def label(self) -> int | None:
        """Return what most persons say, index into ``data.items.LABELS``; None where disputed, or nobody spoke."""
        if self.fractured == self.not_fractured:
            return None
        return int(self.fractured > self.not_fractured)

    @property
    def is_disputed(self) -> bool:
        """Return whether as many persons say the one as the other."""
        return self.fractured == self.not_fractured > 0

    @property
    def is_divided(self) -> bool:
        """Return whether persons differ, also where most of them say the same."""
        return self.fractured > 0 and self.not_fractured > 0


def decide_consensus(labels: Iterable[int]) -> Consensus:
    """Return the consensus of labels, one a person."""
    said = list(labels)
    return Consensus(sum(said), len(said) - sum(said))
