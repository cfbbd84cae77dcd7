"""Both databases: a test that asks for ``either_database`` runs on SQLite and on a real PostgreSQL server."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

from fracture_core.base.settings import Settings, get_settings
from tests.postgres import HOW_TO_INSTALL, find_binaries, run_postgres

LockDatabase = Callable[[], contextlib.AbstractContextManager[None]]


@pytest.fixture
def lock_database(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[LockDatabase]:
    """A block in which another connection keeps the SQLite database locked; nobody waits long for it."""
    monkeypatch.setenv("FRACTURE_DATABASE_PATIENCE_S", "0.1")
    get_settings.cache_clear()

    @contextlib.contextmanager
    def lock() -> Iterator[None]:
        with contextlib.closing(sqlite3.connect(own_settings.state_dir / "fracture.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    yield lock


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(HOW_TO_INSTALL)
    with run_postgres(binaries) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(
    request: pytest.FixtureRequest, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings that name an empty database of each kind."""
    if request.param == "postgresql":
        monkeypatch.setenv(
            "FRACTURE_DATABASE_URL", make_schema(request.getfixturevalue("postgres_url"), request.node.name)
        )
        get_settings.cache_clear()
    yield get_settings()


def make_schema(url: str, name: str) -> str:
    """Return an address whose tables are this test's own."""
    database = "t_" + re.sub(r"\W+", "_", name).lower()[:50]
    engine = create_engine(url.replace("postgresql://", "postgresql+pg8000://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{database}"
