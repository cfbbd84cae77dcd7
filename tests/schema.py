"""The tables of a new SQLite database: made by the migrations once a process, then copied, as most tests need them."""

from functools import lru_cache
from uuid import uuid4

from sqlalchemy import Connection, create_engine, inspect

from fracture_core.store.migrate import upgrade


@lru_cache
def dump_new_database() -> tuple[str, ...]:
    """Return the statements that make what the migrations make."""
    with create_engine("sqlite://").connect() as connection:
        upgrade(connection)
        connection.commit()
        statements = connection.connection.driver_connection.iterdump()
        return tuple(each for each in statements if each not in ("BEGIN TRANSACTION;", "COMMIT;"))


def upgrade_or_copy(connection: Connection) -> None:
    """Do as ``upgrade`` does; an empty SQLite database gets its tables in one go."""
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        upgrade(connection)
        return
    for statement in dump_new_database():
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("UPDATE audit_log_head SET log_id = ?", (uuid4().hex,))  # each database has its own
