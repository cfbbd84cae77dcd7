"""The project's database: SQLite in the state folder, or PostgreSQL where the settings name one.

``reading_session`` and ``writing_session`` give a session; everything that goes wrong comes out as a ``StoreError``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.orm import Session

from fracture_core.base import Settings, StoreBusyError, StoreError, StoreFullError, get_settings, word_install
from fracture_core.store.migrate import upgrade

_UPGRADE_S = 60.0  # longest wait for another process that makes the tables
_UPGRADE_LOCK = 8_145_211  # of PostgreSQL: any number of our own
_FULL, _LOCKED = ("database or disk is full", "No space left", "disk I/O error"), ("locked", "busy")


@contextmanager
def reading_session(settings: Settings | None = None) -> Iterator[Session]:
    """Yield a session that only reads.

    Raises:
        StoreError: the database cannot be used.
    """
    with _session(settings, writes=False) as session:
        yield session


@contextmanager
def writing_session(settings: Settings | None = None) -> Iterator[Session]:
    """Yield a session whose changes are all there afterwards, or none.

    Raises:
        StoreBusyError: another process kept the database locked for too long.
        StoreFullError: there is no room left on its disk.
        StoreError: the database cannot be used for another reason.
    """
    with _session(settings, writes=True) as session:
        yield session


def has_database(settings: Settings | None = None) -> bool:
    """Return whether anything was ever written: a reading must not be what makes the database."""
    settings = settings or get_settings()
    return bool(settings.database_url) or (settings.state_dir / "fracture.db").is_file()


def describe_database(settings: Settings | None = None) -> str:
    """Return where the database is, without its password."""
    return make_url(_find_url(settings or get_settings())).render_as_string(hide_password=True)


def make_keepable(text: str) -> str:
    """Return the text without what PostgreSQL refuses: nulls, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _session(settings: Settings | None, *, writes: bool) -> Iterator[Session]:
    settings = settings or get_settings()
    try:
        engine = _open(_find_url(settings), settings.state_dir, settings.database_patience_s)
        with (
            engine.connect().execution_options(writes=writes) as connection,
            Session(connection, info={"settings": settings}) as session,
        ):
            try:
                yield session
                session.commit()
            except (TimeoutError, UnicodeEncodeError):
                # Half of a question went out, or the answer is still to come: nobody else may be given this connection.
                connection.invalidate()
                raise
    except SQLAlchemyError as error:
        raise _explain(error, settings) from error
    except TimeoutError as error:
        raise StoreBusyError(
            f"The database {describe_database(settings)} does not answer.", "See that it runs."
        ) from error
    except UnicodeEncodeError as error:
        raise StoreError("The database cannot keep this text.", "Leave out characters that are no text.") from error


def _find_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.state_dir.resolve() / 'fracture.db'}"


@lru_cache(maxsize=8)
def _open(url: str, state_dir: Path, patience_s: float) -> Engine:
    """Return the engine of a database whose tables are as this code wants them."""
    is_sqlite = url.startswith("sqlite")
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+pg8000://", 1)
    options: dict[str, Any] = {} if is_sqlite else {"pool_pre_ping": True}
    engine = _create_engine(url, connect_args={"timeout": patience_s}, **options)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    with _one_at_a_time(state_dir), engine.connect().execution_options(writes=True) as connection:
        if not is_sqlite:  # several machines may share it
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        upgrade(connection)
        connection.commit()
    return engine


def _create_engine(url: str, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except ImportError as error:
        raise StoreError(
            f"A program part that talks to this database is missing: {error.name}.",
            f"{word_install('postgres')}; or correct 'database_url' in the settings.",
        ) from error
    except ValueError as error:
        raise StoreError("The database address is not usable.", "Correct 'database_url' in the settings.") from error


@contextmanager
def _one_at_a_time(state_dir: Path) -> Iterator[None]:
    """Let no second process make the tables meanwhile."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(state_dir / ".database.lock").acquire(timeout=_UPGRADE_S).lock
    except Timeout as error:
        raise StoreBusyError(
            f"Another process has been making the database in {state_dir} ready for too long.", "Try again; or end it."
        ) from error
    except OSError as error:
        raise StoreError(
            f"The folder {state_dir} cannot be written to: {error.strerror}.",
            "Let this program write there, or name another folder as 'state_dir' in the settings.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that writes takes its lock at once: one that read first could not wait for another writer.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _word_cause(error: SQLAlchemyError) -> str:
    """Return what the driver says; pg8000 gives PostgreSQL's fields, of which M is the sentence."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    fields = orig.args[0] if orig is not None and orig.args else ""
    text = fields.get("M", "") if isinstance(fields, dict) else str(orig)
    return text.partition(" (timeout is")[0].rstrip(".")


def _explain(error: SQLAlchemyError, settings: Settings) -> StoreError:
    if isinstance(error, StatementError) and isinstance(error.orig, StoreError):  # of a column's own
        return error.orig
    if isinstance(error, (ArgumentError, NoSuchModuleError)):
        return StoreError("The database address is not usable.", "Correct 'database_url' in the settings.")
    where = describe_database(settings)
    cause = _word_cause(error)
    if isinstance(error, OperationalError) and any(words in cause for words in _FULL):
        return StoreFullError(f"There is no room left for the database {where}.", "Free some space on its disk.")
    if isinstance(error, OperationalError) and any(words in cause for words in _LOCKED):
        return StoreBusyError(
            f"The database {where} was locked by another process for too long.",
            "Try again; if it stays, look for a program that keeps it open.",
        )
    return StoreError(f"The database {where} cannot be used: {cause}.", "See that it is there and can be written to.")
