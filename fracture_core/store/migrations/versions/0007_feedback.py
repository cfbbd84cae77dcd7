"""Feedback: whose it is however the name is written, no agreement with an uncertain call, and what was seen before"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index("ix_feedback_reading_id_number")
        batch_op.drop_index("ix_feedback_agrees_number")
        batch_op.add_column(sa.Column("person", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("saw_others", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.alter_column("agrees", existing_type=sa.Boolean(), nullable=True)
    op.execute("UPDATE feedback SET person = lower(who)")
    op.execute("DELETE FROM feedback WHERE label IS NULL")  # none was ever written so
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.alter_column("label", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("person", existing_type=sa.String(length=400), server_default=None)
        batch_op.alter_column("saw_others", existing_type=sa.Boolean(), server_default=None)
        batch_op.create_index("ix_feedback_reading_id_person_number", ["reading_id", "person", "number"], unique=False)
