"""What came by DICOM, and how far it is"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pacs_objects",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("next_try_at", _TIME, nullable=False),
        sa.Column("peer", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pacs_objects")),
    )
    with op.batch_alter_table("pacs_objects", schema=None) as batch_op:
        batch_op.create_index("ix_pacs_objects_status_next_try_at", ["status", "next_try_at"], unique=False)
        batch_op.create_index("ix_pacs_objects_received_at", ["received_at"], unique=False)
