"""Brings a database's tables to what this code expects.

Apart: it needs a connection and Alembic alone, so that what makes a bare database can use it without an engine of ours.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from fracture_core.base import StoreError

_FOLDER = Path(__file__).with_name("migrations")


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the connection's transaction.

    Raises:
        StoreError: the database was written by a newer version of this program.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current and current not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"The database is of a newer version of this program (revision {current}).",
            "Update the program, or name another database in the settings.",
        )
    command.upgrade(config, "head")
