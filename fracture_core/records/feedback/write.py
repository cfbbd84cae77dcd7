"""Saying something of a reading: a row is added, none is changed."""

from dataclasses import fields
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select

from fracture_core.base import FeedbackError
from fracture_core.reading import build_record
from fracture_core.records.feedback.records import Feedback
from fracture_core.records.feedback.rules import (
    check_note,
    check_region,
    check_who,
    check_word,
    is_reading_id,
    name_person,
)
from fracture_core.store import FeedbackRow, ReadingRow, append_audit_entry, writing_session


def give_feedback(
    reading_id: str,
    *,
    who: str,
    agrees: bool | None,
    label: int | None,
    region: str = "",
    note: str = "",
    saw_others: bool = False,
) -> Feedback:
    """Keep what a person says of a reading; the person's last word counts, earlier ones stay as they are.

    Args:
        reading_id: of ``history.ReadingRecord``.
        who: 1 to 120 characters; "Ada" and "ada" are one person.
        agrees: with the call; None where the call is uncertain.
        label: 0 or 1, see ``rules.check_word``.
        region: body part, one of ``radiographs.list_known_body_parts`` or up to 40 characters of one's own.
        note: up to 4,000 characters.
        saw_others: whether another reader's word was shown to this person before.

    Raises:
        FeedbackError: something of it cannot be kept, or there is no such reading to be judged; nothing has changed.
        StoreError: the database cannot be used; nothing has changed.
    """
    who, region, note = check_who(who), check_region(region), check_note(note)
    with writing_session() as session:
        asked = reading_id if is_reading_id(reading_id) else ""
        row = session.scalars(select(ReadingRow).where(ReadingRow.id == asked)).one_or_none()
        if row is None:
            raise FeedbackError("There is no such reading.", "It may have been deleted; look it up in the history.")
        record = build_record(row)
        if record.is_refused:
            raise FeedbackError(
                "This picture was refused, so that there is no reading to judge.",
                "Have it read all the same first, with a reason.",
            )
        agreed, said = check_word(record.call, agrees, label)
        kept = FeedbackRow(
            reading_id=reading_id,
            at=datetime.now(UTC),
            who=who,
            person=name_person(who),
            agrees=agreed,
            label=said,
            region=region,
            note=note,
            saw_others=saw_others,
        )
        session.add(kept)
        session.flush()
        # The log keeps for good: of a note only its hash, so that the words can go with the reading.
        append_audit_entry(
            session,
            "feedback",
            reading_id,
            who=who,
            feedback=kept.number,
            agrees=agreed,
            label=said,
            region=region,
            note_sha256=sha256(note.encode()).hexdigest() if note else "",
            call=record.call,
        )
        return build_feedback(kept)


def build_feedback(row: FeedbackRow) -> Feedback:
    """Return a row as it is handed out."""
    return Feedback(**{field.name: getattr(row, field.name) for field in fields(Feedback)})
