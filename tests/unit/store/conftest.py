"""Both databases: each test here runs on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator

import pytest

from fracture_core.settings import Settings, get_settings
from tests.postgres import HOW_TO_INSTALL, find_binaries, run_postgres


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
        monkeypatch.setenv("FRACTURE_DATABASE_URL", make_schema(request.getfixturevalue("postgres_url"), request.node.name))
        get_settings.cache_clear()
    yield get_settings()


def make_schema(url: str, name: str) -> str:
    """Return an address whose tables are this test's own."""
    import re

    from sqlalchemy import create_engine, text

    database = "t_" + re.sub(r"\W+", "_", name).lower()[:50]
    engine = create_engine(url.replace("postgresql://", "postgresql+pg8000://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{database}"
