"""Saying something of radiographs: each call adds rows, and changes none."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import insert

from fracture_core.base import ReviewError
from fracture_core.failures.reviews.read import read_state
from fracture_core.failures.reviews.records import Review
from fracture_core.failures.reviews.rules import (
    MOST_NOTES,
    MOST_TAGS,
    check_files,
    check_label,
    check_note,
    check_tag,
    check_who,
    fold,
)
from fracture_core.store import ReviewEventKind, ReviewEventRow, append_audit_entry, writing_session


def add_tag(dataset: str, names: Iterable[str], tag: str, who: str) -> None:
    """Tag files; one that has the tag already is left as it is.

    Args:
        dataset: as an evaluation names it.
        names: of files, relative to the data set's root.
        tag: 1 to 40 characters; "Hand" and "hand" are the same.
        who: 1 to 120 characters.

    Raises:
        ReviewError: something of it cannot be kept; nothing has changed.
        StoreError: the database cannot be used; nothing has changed.
    """
    tag = check_tag(tag)

    def is_new(name: str, review: Review) -> bool:
        if _has_tag(review, tag):
            return False
        if len(review.tags) >= MOST_TAGS:
            raise ReviewError(f"'{name}' has {MOST_TAGS} tags already.", "Take one off first.")
        return True

    _say(dataset, names, "tag", tag, who, is_new)


def remove_tag(dataset: str, names: Iterable[str], tag: str, who: str) -> None:
    """Take a tag off files; one that has it not is left as it is. Arguments and errors as of ``add_tag``."""
    tag = check_tag(tag)
    _say(dataset, names, "untag", tag, who, lambda _, review: _has_tag(review, tag))


def add_note(dataset: str, name: str, text: str, who: str) -> None:
    """Add a remark of up to 4,000 characters to one file; errors as of ``add_tag``."""

    def has_room(name: str, review: Review) -> bool:
        if len(review.notes) >= MOST_NOTES:
            raise ReviewError(f"'{name}' has {MOST_NOTES} notes already.", "Keep further ones elsewhere.")
        return True

    _say(dataset, [name], "note", check_note(text), who, has_room)


def propose_label(dataset: str, names: Iterable[str], label: int | None, who: str) -> None:
    """Say which label is right; None takes back what was proposed.

    The label that the data set gives is not changed by it. Errors as of ``add_tag``.
    """
    label, who = check_label(label), check_who(who)
    value = "" if label is None else str(label)

    def is_new(_: str, review: Review) -> bool:
        return review.proposed_label != label or (label is not None and review.proposed_by != who)

    _say(dataset, names, "label", value, who, is_new)


def mark_reviewed(dataset: str, names: Iterable[str], reviewed: bool, who: str) -> None:
    """Say that files were looked at, or that they were not; errors as of ``add_tag``."""
    _say(dataset, names, "reviewed", str(int(reviewed)), who, lambda _, review: review.reviewed != reviewed)


def _say(
    dataset: str,
    names: Iterable[str],
    kind: ReviewEventKind,
    value: str,
    who: str,
    is_new: Callable[[str, Review], bool],
) -> None:
    """Add a row for each file to which ``is_new`` gives True, all or none."""
    who, chosen, now = check_who(who), check_files(dataset, names), datetime.now(UTC)
    with writing_session() as session:
        state = read_state(session, dataset, chosen)
        rows = [
            {"at": now, "who": who, "dataset": dataset, "name": name, "kind": kind, "value": value}
            for name in chosen
            if is_new(name, state.get(name, Review()))
        ]
        if rows:
            session.execute(insert(ReviewEventRow), rows)
            # A note is a person's own words, which may have to be forgotten: the log has its hash alone.
            said = sha256(value.encode("utf-8")).hexdigest() if kind == "note" else value
            append_audit_entry(
                session, "review", dataset, who=who, kind=kind, value=said, files=[row["name"] for row in rows]
            )


def _has_tag(review: Review, tag: str) -> bool:
    return fold(tag) in {fold(own) for own in review.tags}
