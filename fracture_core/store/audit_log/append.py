"""Adding an entry, in the transaction of what it tells of: both are there, or neither."""

from datetime import UTC, datetime
from getpass import getuser
from typing import Any

from filelock import Timeout
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fracture_core.base import StoreError, log_incident
from fracture_core.store.audit_log.anchor import Anchor, read_anchor, write_anchor
from fracture_core.store.audit_log.entries import AuditEntry, word_details
from fracture_core.store.database import make_keepable, writing_session
from fracture_core.store.tables import AuditLogHeadRow, AuditLogRow
from fracture_core.store.words import AuditAction

_ANCHOR = "audit_log_anchor"
_LONGEST_WHO, _LONGEST_SUBJECT = 120, 500


def append_audit_entry(session: Session, action: AuditAction, subject: str, *, who: str = "", **details: Any) -> None:
    """Add an entry as the last thing of a transaction: from here on no other one can add any.

    Args:
        session: of ``store.writing_session``.
        subject: what it was done to; cut at 500 characters.
        who: cut at 120 characters.
        details: plain values; nothing of a patient.

    Raises:
        StoreError: the log's head is missing; ``audit-log verify`` tells more.
    """
    append_audit_entries(session, [(action, subject, who, details)])


def append_audit_entries(session: Session, told: "list[tuple[AuditAction, str, str, dict[str, Any]]]") -> None:
    """Add several entries at once: ``(action, subject, who, details)`` each; as ``append_audit_entry``."""
    session.flush()
    head = lock_audit_log(session)
    holds = _follows_anchor(session, head)
    at = datetime.now(UTC).isoformat()
    for action, subject, who, details in told:
        entry = AuditEntry(
            number=head.number + 1,
            at=at,
            who=make_keepable(who)[:_LONGEST_WHO],
            action=action,
            subject=make_keepable(subject)[:_LONGEST_SUBJECT],
            details=word_details(details),
            previous_sha256=head.sha256,
            sha256="",
        )
        head.number, head.sha256 = entry.number, entry.compute_sha256()
        session.add(AuditLogRow(**vars(entry) | {"sha256": head.sha256}))
    session.flush()
    if holds:
        _anchor_after_commit(session, head.log_id, Anchor(head.number, head.sha256))


def lock_audit_log(session: Session) -> AuditLogHeadRow:
    """Let no other transaction add entries until this one ends; errors as of ``append_audit_entry``."""
    head = session.scalars(select(AuditLogHeadRow).with_for_update()).one_or_none()
    if head is None:
        raise StoreError("The audit log's head is missing.", "Run: python -m fracture_core audit-log verify")
    return head


def log_action(action: AuditAction, subject: str, *, who: str = "", **details: Any) -> None:
    """Add an entry in a transaction of its own, for what leaves no row behind, such as an export.

    Raises:
        StoreError: the database cannot be used.
    """
    with writing_session() as session:
        append_audit_entry(session, action, subject, who=who, **details)


def log_export(subject: str, **details: Any) -> None:
    """Tell of an export from the command line, by the system's user; errors as of ``log_action``."""
    log_action("export", subject, who=name_system_user(), **details)


def name_system_user() -> str:
    """Return who runs this process, where the system knows a name."""
    try:
        return getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return ""


def _follows_anchor(session: Session, head: AuditLogHeadRow) -> bool:
    """Return whether the entry that the anchor names is there: else the anchor stays, and ``verify`` tells of it."""
    try:
        anchor = read_anchor(head.log_id, session.info["settings"])
    except (OSError, ValueError):  # ``write_anchor`` leaves it as it is
        return True
    if anchor is None or not anchor.number:
        return True
    if anchor.number == head.number:
        return anchor.sha256 == head.sha256
    there = session.scalar(select(AuditLogRow.sha256).where(AuditLogRow.number == anchor.number))
    return there == anchor.sha256


def _anchor_after_commit(session: Session, log_id: str, anchor: Anchor) -> None:
    if _ANCHOR not in session.info:
        event.listen(session, "after_commit", _write_kept, once=True)
    session.info[_ANCHOR] = (log_id, anchor)


def _write_kept(session: Session) -> None:
    log_id, anchor = session.info.pop(_ANCHOR)
    try:
        write_anchor(log_id, anchor, session.info["settings"])
    except (OSError, Timeout) as error:  # the entry is there; the next one anchors both
        log_incident(error, "anchoring the audit log")
