"""What History filters by is in each of its indices, and what the gate said can be asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ASKED = ("who", "source", "region", "call", "model", "gate")


def upgrade() -> None:
    op.add_column("readings", sa.Column("gate", sa.String(length=10), nullable=False, server_default="passed"))
    op.execute("UPDATE readings SET gate = 'refused' WHERE CAST(refusals AS TEXT) <> '[]'")
    op.execute("UPDATE readings SET gate = 'overridden' WHERE gate = 'refused' AND override_at IS NOT NULL")
    # The column keeps its default: without, SQLite builds the table anew, and feedback goes with the old one.
    with op.batch_alter_table("readings", schema=None) as batch_op:
        for name in _ASKED:
            if name != "gate":
                batch_op.drop_index(f"ix_readings_{name}_number")
            others = [other for other in _ASKED if other != name]
            batch_op.create_index(f"ix_readings_{name}_number", [name, "number", *others], unique=False)
