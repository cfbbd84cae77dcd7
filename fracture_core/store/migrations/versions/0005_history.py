"""Readings, feedback on them, and the audit log"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_readings()
    _create_feedback()
    _create_audit_log()


def _create_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("number", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("correction", sa.String(length=16), nullable=False),
        sa.Column("source_type", sa.String(length=16), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("model_sha256", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("call", sa.String(length=16), nullable=False),
        sa.Column("p_fracture", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("negative_below", sa.Double(), nullable=False),
        sa.Column("positive_from", sa.Double(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.Column("override_who", sa.String(length=120), nullable=False),
        sa.Column("override_why", sa.Text(), nullable=False),
        sa.Column("override_at", _TIME, nullable=True),
        sa.Column("elapsed_ms", sa.Double(), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("worklist_id", sa.String(length=32), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_readings")),
        sa.UniqueConstraint("id", name=op.f("uq_readings_id")),
        sa.UniqueConstraint("request_key", name=op.f("uq_readings_request_key")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index("ix_readings_at", ["at"], unique=False)
        for name in ("sha256", "who", "source", "region", "call", "model"):
            batch_op.create_index(f"ix_readings_{name}_number", [name, "number"], unique=False)
        batch_op.create_index("ix_readings_worklist_id_item_number", ["worklist_id", "item_number"], unique=False)


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("number", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("reading_id", sa.String(length=32), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.id"], name=op.f("fk_feedback_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_feedback")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_reading_id_number", ["reading_id", "number"], unique=False)
        batch_op.create_index("ix_feedback_agrees_number", ["agrees", "number"], unique=False)
        batch_op.create_index("ix_feedback_at", ["at"], unique=False)


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_log")),
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index("ix_audit_log_action_number", ["action", "number"], unique=False)
        batch_op.create_index("ix_audit_log_subject", ["subject"], unique=False)
    head = op.create_table(
        "audit_log_head",
        sa.Column("log_id", sa.String(length=32), nullable=False),
        sa.Column("number", _COUNTER, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_audit_log_head")),
    )
    op.bulk_insert(head, [{"log_id": uuid4().hex, "number": 0, "sha256": "0" * 64}])
