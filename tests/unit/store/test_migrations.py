"""An older database with rows in it is brought up to date, and nothing of it is lost, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from fracture_core.base.settings import Settings
from fracture_core.store import database, migrate
from fracture_core.store.database import reading_session, writing_session

AT = "2026-03-01 12:00:00+00:00"
RUN = {
    "id": "run",
    "status": "done",
    "reason": "",
    "request": "{}",
    "created_at": AT,
    "queued_at": AT,
    "updated_at": AT,
    "stop_requested": False,
    "host": "h",
    "data_fingerprints": "{}",
    "device": "",
    "epoch": 1,
    "epochs": 1,
    "step": 1,
    "total_steps": 1,
}
METRIC = {"run_id": "run", "name": "loss", "step": 1, "epoch": 1, "value": 0.5}
WORKLIST = {
    "id": "w",
    "created_at": AT,
    "title": "t",
    "source": "files",
    "folder": "",
    "left_out": 0,
    "model": "m",
    "model_sha256": "b",
    "salt": "s",
    "stopped": False,
    "problem": "",
}
ITEM = {
    "worklist_id": "w",
    "number": 1,
    "name": "f",
    "path": "",
    "status": "done",
    "reason": "",
    "sha256": "c",
    "study": "",
    "study_by": "",
    "region": "",
    "view": "",
    "source_type": "",
    "label": "",
    "call": "",
    "notes": "[]",
    "refusals": "[]",
    "override_who": "",
    "override_why": "",
}
READING = {
    "number": 1,
    "id": "a" * 32,
    "at": AT,
    "who": "Ada",
    "source": "page",
    "name": "",
    "sha256": "c" * 64,
    "frame": 0,
    "correction": "",
    "source_type": "PNG",
    "width_px": 20,
    "height_px": 30,
    "region": "",
    "view": "",
    "model": "m",
    "model_sha256": "b" * 64,
    "label": "fractured",
    "call": "positive",
    "p_fracture": 0.9,
    "threshold": 0.5,
    "negative_below": 0.3,
    "positive_from": 0.7,
    "notes": "[]",
    "refusals": "[]",
    "override_who": "",
    "override_why": "",
    "elapsed_ms": 1.0,
    "device": "cpu",
    "worklist_id": "",
}
REFUSED = READING | {"number": 2, "id": "b" * 32, "refusals": '["Not a radiograph."]'}
OVERRIDDEN = REFUSED | {"number": 3, "id": "c" * 32, "override_who": "Ada", "override_at": AT}
FEEDBACK = {
    "number": 1,
    "reading_id": "a" * 32,
    "at": AT,
    "who": "Ada",
    "agrees": True,
    "label": 1,
    "region": "",
    "note": "n",
}
OLD = {
    "0004": [("runs", RUN), ("metrics", METRIC), ("worklists", WORKLIST), ("worklist_items", ITEM)],
    "0005": [("readings", READING), ("readings", REFUSED), ("readings", OVERRIDDEN), ("feedback", FEEDBACK)],
    "0007": [("readings", READING), ("feedback", FEEDBACK | {"person": "ada", "saw_others": False})],
    "0009": [
        ("readings", READING | {"gate": "passed"}),
        ("feedback", FEEDBACK | {"person": "ada", "saw_others": False}),
    ],
}


@pytest.fixture
def stop_at(either_database: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a function that makes an empty database of an older version."""

    def stop(revision: str) -> None:
        def upgrade(connection: Connection) -> None:
            config = Config()
            config.set_main_option("script_location", str(migrate._FOLDER))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

        database._open.cache_clear()
        with monkeypatch.context() as older:
            older.setattr(database, "upgrade", upgrade)
            with reading_session():
                pass

    yield stop
    database._open.cache_clear()


@pytest.mark.parametrize("revision", OLD)
def test_no_row_is_lost(stop_at: Any, revision: str) -> None:
    stop_at(revision)
    with writing_session() as session:
        for table, row in OLD[revision]:
            names = ", ".join(f'"{name}"' for name in row)
            session.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})"), row)
    database._open.cache_clear()
    with reading_session() as session:
        for table in {table for table, _ in OLD[revision]}:
            count = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert (table, count) == (table, sum(name == table for name, _ in OLD[revision]))
        if revision == "0005":
            gates = session.execute(text("SELECT gate FROM readings ORDER BY number")).scalars().all()
            assert gates == ["passed", "refused", "overridden"]
