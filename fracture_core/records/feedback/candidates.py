"""What there is to hand over of a reading: its radiograph's label, by all who judged any reading of that file."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fracture_core.failures import ReviewedKey, name_reviewed_reading
from fracture_core.radiographs import find_body_part
from fracture_core.reading import ReadingRecord, build_record
from fracture_core.records.feedback.read import find_latest_feedback
from fracture_core.records.feedback.records import Consensus, Feedback, decide_consensus
from fracture_core.records.feedback.rules import is_reading_id
from fracture_core.records.feedback.write import build_feedback
from fracture_core.store import FeedbackRow, ReadingRow, has_database, reading_session

_BLOCK = 400  # ids in one question; databases take so many
# View Position (0018,5101) as training data name it.
_VIEWS = {
    "AP": "frontal",
    "PA": "frontal",
    "DP": "frontal",
    "PD": "frontal",
    "LL": "lateral",
    "RL": "lateral",
    "LLD": "lateral",
    "RLD": "lateral",
    "LAT": "lateral",
    "LATERAL": "lateral",
    "OBL": "oblique",
    "OBLIQUE": "oblique",
    "LLO": "oblique",
    "RLO": "oblique",
    "LAO": "oblique",
    "RAO": "oblique",
    "LPO": "oblique",
    "RPO": "oblique",
}


@dataclass(frozen=True)
class Candidate:
    """A reading that somebody wants to train on.

    Attributes:
        said: each person's last word on any reading of the same frame of the same file.
    """

    reading: ReadingRecord
    said: tuple[Feedback, ...]

    @property
    def key(self) -> ReviewedKey:
        """Return what its row in ``reviewed`` goes by."""
        return name_reviewed_reading(self.reading.sha256, self.reading.frame)

    @property
    def consensus(self) -> Consensus:
        return decide_consensus(each.label for each in self.said)

    @property
    def region(self) -> str:
        """Return the region as test sets name it, where one covers the body part, else the body part; or nothing."""
        named = [each.region for each in self.said if each.region]
        part = find_body_part(named[-1] if named else self.reading.region)
        return "" if part.is_vague else part.region or part.word

    @property
    def view(self) -> str:
        """Return the projection; empty where it is not known."""
        return _VIEWS.get(self.reading.view.upper(), "")


def read_candidates(ids: Sequence[str]) -> dict[str, Candidate]:
    """Return the readings that there are, by id.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database():
        return {}
    found: dict[str, Candidate] = {}
    ids = [each for each in ids if is_reading_id(each)]
    for start in range(0, len(ids), _BLOCK):
        found |= _read_block(ids[start : start + _BLOCK])
    return found


def _read_block(ids: list[str]) -> dict[str, Candidate]:
    with reading_session() as session:
        records = [build_record(row) for row in session.scalars(select(ReadingRow).where(ReadingRow.id.in_(ids)))]
        wanted = (
            select(ReadingRow.sha256, ReadingRow.frame, FeedbackRow)
            .join(FeedbackRow, FeedbackRow.reading_id == ReadingRow.id)
            .where(ReadingRow.sha256.in_({record.sha256 for record in records}))
        )
        said: dict[tuple[str, int], list[Feedback]] = {}
        for sha256, frame, row in session.execute(wanted):
            said.setdefault((sha256, frame), []).append(build_feedback(row))
    return {
        record.id: Candidate(record, tuple(find_latest_feedback(said.get((record.sha256, record.frame), ()))))
        for record in records
    }
