"""The database: whole transactions, clear errors, tables as the code wants them, on SQLite and PostgreSQL."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from fracture_core.base.errors import StoreBusyError, StoreError, StoreFullError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.store.database import describe_database, reading_session, writing_session
from fracture_core.store.tables import ServingRow
from tests.unit.conftest import LockDatabase

AT = datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=2)))


def make_row(name: str = "one") -> ServingRow:
    return ServingRow(
        at=AT,
        action="promote",
        checkpoint=name,
        weights_sha256="a" * 64,
        previous="",
        previous_sha256="",
        who="w",
        reason="r",
        forced=False,
        verdict="better",
    )


def count_rows() -> int:
    with reading_session() as session:
        return session.scalar(select(func.count()).select_from(ServingRow)) or 0


def test_what_was_written_is_read_and_times_are_utc(either_database: Settings) -> None:
    with writing_session() as session:
        session.add(make_row())
    with reading_session() as session:
        row = session.scalars(select(ServingRow)).one()
        assert row.at == AT and row.at.tzinfo == UTC
        assert row.number == 1


def test_a_block_that_fails_leaves_nothing(either_database: Settings) -> None:
    with pytest.raises(ZeroDivisionError), writing_session() as session:
        session.add(make_row())
        session.flush()
        raise ZeroDivisionError
    assert count_rows() == 0


def test_many_writers_at_once_lose_nothing(either_database: Settings) -> None:
    def write(number: int) -> None:
        with writing_session() as session:
            session.add(make_row(str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert count_rows() == 40


def test_two_processes_may_make_the_tables_at_once(own_settings: Settings) -> None:
    from fracture_core.store.database import _find_url, _open

    barrier = threading.Barrier(4)

    def open_anew(_: int) -> None:
        barrier.wait()
        _open.__wrapped__(_find_url(own_settings), own_settings.state_dir, 5.0).dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_anew, range(4)))
    assert count_rows() == 0


def test_locked_database_is_told_after_its_patience(own_settings: Settings, lock_database: LockDatabase) -> None:
    assert count_rows() == 0
    with lock_database():
        with pytest.raises(StoreBusyError, match="locked"), writing_session() as session:
            session.add(make_row())
        assert count_rows() == 0  # readers are not locked out
    with writing_session() as session:
        session.add(make_row())
    assert count_rows() == 1


def test_full_disk_is_told(own_settings: Settings) -> None:
    assert count_rows() == 0
    with pytest.raises(StoreFullError, match="no room"), writing_session() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        session.add_all(make_row("x" * 100) for _ in range(500))
    assert count_rows() == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [("nonsense", "address"), ("other://host/x", "address"), ("postgresql://u:secret@127.0.0.1:1/x", "cannot")],
)
def test_useless_address_is_a_clear_error(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_URL", url)
    get_settings.cache_clear()
    with pytest.raises(StoreError, match=words) as caught, reading_session():
        pass
    assert "secret" not in str(caught.value)


def test_driver_that_is_missing_is_told(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_URL", "mysql://u:secret@host/x")
    get_settings.cache_clear()
    with pytest.raises(StoreError, match="missing: MySQLdb"), reading_session():
        pass


def test_server_that_does_not_answer_holds_nobody_up(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_PATIENCE_S", "0.2")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("FRACTURE_DATABASE_URL", f"postgresql://u:secret@127.0.0.1:{silent.getsockname()[1]}/x")
        get_settings.cache_clear()
        with pytest.raises(StoreBusyError, match="does not answer") as caught, reading_session():
            pass
    assert "secret" not in str(caught.value)


def test_what_postgresql_says_is_a_sentence(
    own_settings: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_URL", postgres_url.rsplit("/", 1)[0] + "/nonesuch")
    get_settings.cache_clear()
    with (
        pytest.raises(StoreError, match=r'cannot be used: database "nonesuch" does not exist\. See'),
        reading_session(),
    ):
        pass


def test_text_that_cannot_be_sent_spoils_nothing_that_follows(either_database: Settings) -> None:
    assert count_rows() == 0
    for _ in range(3):
        with pytest.raises(StoreError, match="cannot keep this text"), writing_session() as session:
            session.add(make_row("\ud800"))
            session.flush()
        assert count_rows() == 0


def test_state_folder_that_cannot_be_made_is_a_clear_error(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("FRACTURE_STATE_DIR", str(tmp_path / "file" / "state"))
    get_settings.cache_clear()
    with pytest.raises(StoreError, match="cannot be written to"), reading_session():
        pass


def test_damaged_file_is_a_clear_error(own_settings: Settings) -> None:
    own_settings.state_dir.mkdir(parents=True)
    (own_settings.state_dir / "fracture.db").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(StoreError, match="cannot be used"), reading_session():
        pass


def test_description_hides_the_password(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_URL", "postgresql://reader:secret@host/name")
    get_settings.cache_clear()
    assert "secret" not in describe_database() and "host/name" in describe_database()


def test_sqlite_is_in_the_state_folder(own_settings: Settings) -> None:
    count_rows()
    assert (Path(own_settings.state_dir) / "fracture.db").is_file()
    with reading_session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
