"""The tables. A change here needs a migration beside it (``store/migrations``); a test holds the two together."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fracture_core.store.words import (
    AuditAction,
    Call,
    Door,
    ItemStatus,
    PacsObjectStatus,
    ReviewEventKind,
    RunStatus,
    ServingAction,
    SuitabilityOutcome,
    WordColumn,
    WorklistSource,
)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
_COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps no zone, so that it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {datetime: UtcTime(), dict[str, Any]: JSON()}


class RunRow(Table):
    """A training run; see ``training.RunState`` for what the columns mean."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_status_queued_at", "status", "queued_at"),
        Index("ix_runs_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[RunStatus] = mapped_column(WordColumn.of(RunStatus, 16))
    reason: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stop_requested: Mapped[bool] = mapped_column(default=False)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int | None]
    process_started_s: Mapped[float | None]
    data_fingerprints: Mapped[dict[str, Any]] = mapped_column(default=dict)
    device: Mapped[str] = mapped_column(String(80), default="")
    epoch: Mapped[int] = mapped_column(default=0)
    epochs: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    total_steps: Mapped[int] = mapped_column(default=0)
    seconds_left: Mapped[float | None]
    val_accuracy: Mapped[float | None]
    val_auroc: Mapped[float | None]


class MetricRow(Table):
    """One measurement of a run; the key makes a doubled point impossible.

    ``at`` is when it was first written; None in rows from before there was this column.
    """

    __tablename__ = "metrics"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    value: Mapped[float]
    at: Mapped[datetime | None] = mapped_column(default=lambda: datetime.now(UTC))


class GateRow(Table):
    """How a finished run's checkpoint stands beside a model in use; one row a pair."""

    __tablename__ = "gate_reports"

    candidate_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    champion_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    candidate: Mapped[str] = mapped_column(String(120))
    champion: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]


class ServingRow(Table):
    """One change of the model in use; the last row tells which it is, and rows are only ever added."""

    __tablename__ = "serving"

    number: Mapped[int] = mapped_column(_COUNTER, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    action: Mapped[ServingAction] = mapped_column(WordColumn.of(ServingAction, 16))
    checkpoint: Mapped[str] = mapped_column(String(120))
    weights_sha256: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(120))
    previous_sha256: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    forced: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(24), default="")


class WorklistRow(Table):
    """Radiographs that are read one after the other; see ``worklist.Worklist``."""

    __tablename__ = "worklists"
    __table_args__ = (Index("ix_worklists_created_at", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[WorklistSource] = mapped_column(WordColumn.of(WorklistSource, 16))
    folder: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[int] = mapped_column(default=0)
    model: Mapped[str] = mapped_column(String(120))
    model_sha256: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(64))
    stopped: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str] = mapped_column(Text, default="")


class WorklistItemRow(Table):
    """One file of a worklist; see ``worklist.Item``. Nothing of a patient is in it."""

    __tablename__ = "worklist_items"
    __table_args__ = (Index("ix_worklist_items_worklist_id_status", "worklist_id", "status"),)

    worklist_id: Mapped[str] = mapped_column(ForeignKey("worklists.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(500))
    path: Mapped[str] = mapped_column(Text)
    status: Mapped[ItemStatus] = mapped_column(WordColumn.of(ItemStatus, 16))
    reason: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    study: Mapped[str] = mapped_column(String(64), default="")
    study_by: Mapped[str] = mapped_column(String(16), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    view: Mapped[str] = mapped_column(String(40), default="")
    source_type: Mapped[str] = mapped_column(String(16), default="")
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(40), default="")
    call: Mapped[Call | Literal[""]] = mapped_column(WordColumn.of(Call, 16, or_empty=True), default="")
    p_fracture: Mapped[float | None]
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    refusals: Mapped[list[str]] = mapped_column(JSON, default=list)
    override_who: Mapped[str] = mapped_column(String(120), default="")
    override_why: Mapped[str] = mapped_column(Text, default="")
    override_at: Mapped[datetime | None]
    elapsed_ms: Mapped[float | None]
    read_at: Mapped[datetime | None]


class ReviewEventRow(Table):
    """One thing that somebody said of a radiograph; rows are only ever added. See ``reviews.ReviewEvent``."""

    __tablename__ = "review_events"
    __table_args__ = (
        Index("ix_review_events_dataset_number", "dataset", "number"),
        Index("ix_review_events_name", "name"),
    )

    number: Mapped[int] = mapped_column(_COUNTER, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(120))
    dataset: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(500))
    kind: Mapped[ReviewEventKind] = mapped_column(WordColumn.of(ReviewEventKind, 16))
    value: Mapped[str] = mapped_column(Text)


_ASKED = ("who", "source", "region", "call", "model", "gate")


class ReadingRow(Table):
    """One reading; see ``history.ReadingRecord``. Nothing of a patient is in it unless the settings ask for it."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("request_key"),
        Index("ix_readings_at", "at"),
        Index("ix_readings_sha256_number", "sha256", "number"),
        Index("ix_readings_worklist_id_item_number", "worklist_id", "item_number"),
        Index("ix_readings_exam", "exam"),
        # Each holds all that History filters by: whichever the database takes, it need not look at the rows.
        *(
            Index(f"ix_readings_{name}_number", name, "number", *(other for other in _ASKED if other != name))
            for name in _ASKED
        ),
    )

    number: Mapped[int] = mapped_column(_COUNTER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32))
    request_key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(120))
    source: Mapped[Door] = mapped_column(WordColumn.of(Door, 16))
    name: Mapped[str] = mapped_column(String(500), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    frame: Mapped[int] = mapped_column(default=0)
    correction: Mapped[str] = mapped_column(String(16), default="")
    source_type: Mapped[str] = mapped_column(String(16), default="")
    width_px: Mapped[int]
    height_px: Mapped[int]
    region: Mapped[str] = mapped_column(String(40), default="")
    view: Mapped[str] = mapped_column(String(40), default="")
    model: Mapped[str] = mapped_column(String(120))
    model_sha256: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(40))
    call: Mapped[Call] = mapped_column(WordColumn.of(Call, 16))
    p_fracture: Mapped[float]
    threshold: Mapped[float]
    negative_below: Mapped[float]
    positive_from: Mapped[float]
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    refusals: Mapped[list[str]] = mapped_column(JSON, default=list)
    # What the refusals and the override come to: no index sees into JSON.
    gate: Mapped[SuitabilityOutcome] = mapped_column(WordColumn.of(SuitabilityOutcome, 10), default="passed")
    override_who: Mapped[str] = mapped_column(String(120), default="")
    override_why: Mapped[str] = mapped_column(Text, default="")
    override_at: Mapped[datetime | None]
    elapsed_ms: Mapped[float]
    device: Mapped[str] = mapped_column(String(16), default="")
    worklist_id: Mapped[str] = mapped_column(String(32), default="")
    item_number: Mapped[int | None]
    exam: Mapped[str] = mapped_column(String(32), default="")  # the same for views of one exam; salted


class FeedbackRow(Table):
    """What a person says of one reading; rows are only ever added, a person's last one counts. See ``feedback``."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_reading_id_person_number", "reading_id", "person", "number"),
        Index("ix_feedback_at", "at"),
    )

    number: Mapped[int] = mapped_column(_COUNTER, primary_key=True, autoincrement=True)
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(400))
    agrees: Mapped[bool | None]
    label: Mapped[int]
    region: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    saw_others: Mapped[bool] = mapped_column(default=False)


class AuditLogRow(Table):
    """One entry of the audit log, chained to the one before by its hash; see ``audit_log``."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_action_number", "action", "number"), Index("ix_audit_log_subject", "subject"))

    number: Mapped[int] = mapped_column(_COUNTER, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(120))
    action: Mapped[AuditAction] = mapped_column(WordColumn.of(AuditAction, 40))
    subject: Mapped[str] = mapped_column(String(500))
    details: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class AuditLogHeadRow(Table):
    """The one row that says where the audit log ends; whoever adds an entry locks it."""

    __tablename__ = "audit_log_head"

    log_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(_COUNTER)
    sha256: Mapped[str] = mapped_column(String(64))


class PacsObjectRow(Table):
    """One object that came by DICOM; see ``pacs.queue``. Nothing of a patient is in it."""

    __tablename__ = "pacs_objects"
    __table_args__ = (
        Index("ix_pacs_objects_status_next_try_at", "status", "next_try_at"),
        Index("ix_pacs_objects_received_at", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    peer: Mapped[str] = mapped_column(String(16), default="")
    status: Mapped[PacsObjectStatus] = mapped_column(WordColumn.of(PacsObjectStatus, 16))
    reason: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    reading_id: Mapped[str] = mapped_column(String(32), default="")
