"""Which model is in use, and how that came about.

The table ``serving`` is only ever added to; its last row names the model in use.
Where it has none, nothing was ever promoted and ``settings.default_checkpoint`` is.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fracture_core.base import PromotionError, Settings, get_settings
from fracture_core.store import (
    AuditAction,
    ServingAction,
    ServingRow,
    append_audit_entry,
    has_database,
    reading_session,
    writing_session,
)

_ACTIONS: dict[ServingAction, AuditAction] = {"promote": "promotion", "rollback": "roll-back"}


class ServedModel(NamedTuple):
    """A checkpoint as the history names it.

    ``sha256`` of its weights is empty where it is in use by the settings alone, or is not on this machine.
    """

    name: str
    sha256: str


class ServingRecord(BaseModel):
    """One change of the model in use.

    Attributes:
        number: counts up from 1.
        at: in UTC.
        checkpoint, weights_sha256: in use from then on.
        previous, previous_sha256: in use before.
        who, reason: as the person gave them.
        forced: promoted against the gate's verdict.
        verdict: the gate's; empty for a roll back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    number: int
    at: AwareDatetime
    action: ServingAction
    checkpoint: str
    weights_sha256: str
    previous: str
    previous_sha256: str
    who: str
    reason: str
    forced: bool = False
    verdict: str = ""

    @property
    def model(self) -> ServedModel:
        """Return what came into use."""
        return ServedModel(self.checkpoint, self.weights_sha256)

    @property
    def replaced(self) -> ServedModel:
        """Return what was in use before."""
        return ServedModel(self.previous, self.previous_sha256)


def find_served_model(settings: Settings | None = None) -> ServedModel:
    """Return the model in use.

    Raises:
        StoreError: the database cannot be used.
    """
    settings = settings or get_settings()
    record = find_last_serving_change(settings)
    return record.model if record else ServedModel(settings.default_checkpoint, "")


def find_served_name(settings: Settings | None = None) -> str:
    """Return the name of the model in use; errors as of ``find_served_model``."""
    return find_served_model(settings).name


def find_last_serving_change(settings: Settings | None = None) -> ServingRecord | None:
    """Return the last promotion or roll back, or None where nothing was ever promoted."""
    if not has_database(settings):
        return None
    with reading_session(settings) as session:
        row = _read_last(session)
        return ServingRecord.model_validate(row) if row else None


def list_serving_history(settings: Settings | None = None) -> list[ServingRecord]:
    """Return all changes of the model in use, the first one first.

    Raises:
        StoreError: the database cannot be used.
    """
    if not has_database(settings):
        return []
    with reading_session(settings) as session:
        rows = session.scalars(select(ServingRow).order_by(ServingRow.number)).all()
        return [ServingRecord.model_validate(row) for row in rows]


def list_earlier_models(settings: Settings | None = None) -> list[ServedModel]:
    """Return the models that a roll back can go to, the nearest first.

    Promotions are a pile: each lays a model on top, a roll back takes models off.
    Rolling back twice therefore goes two models back, and not to and fro.
    """
    pile: list[ServedModel] = []
    for record in list_serving_history(settings):
        if not pile:
            pile = [record.replaced]
        if record.action == "promote":
            pile.append(record.model)
        else:
            pile.pop()
            while len(pile) > 1 and pile[-1] != record.model:  # what could not be gone back to was passed over
                pile.pop()
    return pile[-2::-1]


def record_promotion(
    new: ServedModel,
    seen: ServedModel,
    *,
    who: str,
    reason: str,
    verdict: str,
    forced: bool = False,
    settings: Settings | None = None,
) -> ServingRecord:
    """Make a model the one in use.

    Args:
        seen: the model in use as the person who decides saw it.

    Raises:
        PromotionError: another model has come into use meanwhile; nothing has changed.
        StoreError: the database cannot be used; nothing has changed.
    """
    return _record(
        new, seen, {"action": "promote", "who": who, "reason": reason, "verdict": verdict, "forced": forced}, settings
    )


def record_rollback(
    new: ServedModel, seen: ServedModel, *, who: str, reason: str, settings: Settings | None = None
) -> ServingRecord:
    """Take an earlier model into use again; arguments and errors as of ``record_promotion``."""
    return _record(new, seen, {"action": "rollback", "who": who, "reason": reason}, settings)


def _record(new: ServedModel, seen: ServedModel, fields: dict[str, object], settings: Settings | None) -> ServingRecord:
    """Add a row, in one transaction with the check that the last one is still what the person saw."""
    settings = settings or get_settings()
    with writing_session(settings) as session:
        last = _read_last(session)
        present = ServingRecord.model_validate(last).model if last else ServedModel(settings.default_checkpoint, "")
        if present.name != seen.name or (present.sha256 and present.sha256 != seen.sha256):
            raise _overtaken(present)
        row = ServingRow(
            number=last.number + 1 if last else 1,
            at=datetime.now(UTC),
            checkpoint=new.name,
            weights_sha256=new.sha256,
            previous=seen.name,
            previous_sha256=seen.sha256,
            **fields,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:  # on PostgreSQL, of two at once the second finds the number taken
            raise _overtaken(None) from error
        record = ServingRecord.model_validate(row)
        append_audit_entry(session, _ACTIONS[record.action], new.name, who=record.who, **_describe(record))
        return record


def _describe(record: ServingRecord) -> dict[str, object]:
    """Return what the audit log tells of a change."""
    return record.model_dump(include={"weights_sha256", "previous", "previous_sha256", "reason", "forced", "verdict"})


def _overtaken(present: ServedModel | None) -> PromotionError:
    which = f", to '{present.name}'" if present else ""
    return PromotionError(
        f"Somebody else has changed the model in use meanwhile{which}. Nothing was changed by you.",
        "Look at the page again, and decide anew.",
    )


def _read_last(session: Session) -> ServingRow | None:
    return session.scalars(select(ServingRow).order_by(ServingRow.number.desc()).limit(1)).first()
