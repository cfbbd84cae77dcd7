"""Which readings are of one exam, by whichever door they came"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default stays: without, SQLite builds the table anew, and feedback goes with the old one.
    op.add_column("readings", sa.Column("exam", sa.String(length=32), nullable=False, server_default=""))
    op.create_index("ix_readings_exam", "readings", ["exam"], unique=False)
