"""Tables are brought to what this code expects; a database of a newer version is left alone."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from fracture_core.base.errors import StoreError
from fracture_core.base.settings import Settings
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.migrate import upgrade
from fracture_core.store.tables import Table


def test_tables_are_what_the_migrations_make(either_database: Settings) -> None:
    with reading_session() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Table.metadata) == []


def test_database_of_a_newer_version_is_left_alone(either_database: Settings) -> None:
    with writing_session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    from fracture_core.store import database

    database._open.cache_clear()
    with pytest.raises(StoreError, match="newer version"), reading_session():
        pass


def test_a_bare_connection_is_enough_and_a_second_time_changes_nothing() -> None:
    with create_engine("sqlite://").connect() as connection:
        upgrade(connection)
        tables = inspect(connection).get_table_names()
        assert set(tables) >= set(Table.metadata.tables)
        upgrade(connection)
        assert inspect(connection).get_table_names() == tables
