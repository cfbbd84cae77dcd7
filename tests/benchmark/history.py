"""How fast the history is found again with a million readings in the database.

    python -m tests.benchmark.history [--json] [--count 1000000] [--folder DIR] [--postgresql]

A folder that is given is kept, and not filled anew when it is there. Medians of several rounds, each as the page asks:
a page of 50 rows, what is beside it, and the count.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select, text

from fracture_core.base.settings import get_settings
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import count_readings, find_reading, list_reading_values, list_readings
from fracture_core.store.database import has_database, reading_session, writing_session
from fracture_core.store.tables import ReadingRow
from tests.postgres import find_binaries, run_postgres

ROUNDS, _BLOCK = 7, 10_000
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_PEOPLE = [f"Reader {number}" for number in range(60)]
_SOURCES = {"page": 30, "worklist": 40, "API": 20, "PACS": 9.999, "command line": 0.001}
_REGIONS = {"": 20, "wrist": 20, "ankle": 15, "hand": 15, "foot": 15, "knee": 14.9, "heel": 0.1}
_CALLS = {"negative": 60, "uncertain": 10, "positive": 30}
_GATES = {"passed": 97, "refused": 2.995, "overridden": 0.005}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--postgresql", action="store_true", help="on a server that is started for it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["FRACTURE_STATE_DIR"] = str(arguments.folder or temporary)
        with _choose_database(arguments.postgresql):
            if not has_database() or not _count_rows():
                fill(arguments.count)
            figures = measure()
    record = {
        "title": f"The history with {arguments.count:,} readings",
        "command": "python -m tests.benchmark.history --json" + (" --postgresql" if arguments.postgresql else ""),
        "database": "PostgreSQL" if arguments.postgresql else "SQLite",
        "cores": os.cpu_count(),
        "readings": arguments.count,
        "slowest, median, ms": max(figures.values()),
    } | figures
    print(json.dumps(record, indent=2) if arguments.json else "\n".join(f"{k:52} {v}" for k, v in record.items()))


def fill(total: int) -> None:
    """Write made rows, a block a transaction; they have no entries in the audit log."""
    for start in range(0, total, _BLOCK):
        with writing_session() as session:
            session.execute(insert(ReadingRow), [make_row(n) for n in range(start, min(start + _BLOCK, total))])


def make_row(number: int) -> dict[str, Any]:
    """Return a row; in time they follow one another by a minute."""
    random = Random(number)
    gate = _draw(random, _GATES)
    person = "Rare" if number == 7 else random.choice(_PEOPLE)
    return {
        "id": f"{random.getrandbits(128):032x}",
        "request_key": None,
        "at": BEGIN + timedelta(minutes=number),
        "who": person,
        "source": _draw(random, _SOURCES),
        "sha256": f"{random.getrandbits(256):064x}",
        "width_px": 2048,
        "height_px": 2500,
        "source_type": "DICOM",
        "region": _draw(random, _REGIONS),
        "view": "AP",
        "model": "efficientnet-lite0" if number % 10 else "inception",
        "model_sha256": "a" * 64,
        "label": "fractured",
        "call": _draw(random, _CALLS) if number % 10 else "positive",
        "p_fracture": random.random(),
        "threshold": 0.4,
        "negative_below": 0.2,
        "positive_from": 0.7,
        "notes": ["The header names no window; the whole range is shown."],
        "refusals": [] if gate == "passed" else ["It is no radiograph of a limb. Hand in another file."],
        "gate": gate,
        "override_at": BEGIN if gate == "overridden" else None,
        "elapsed_ms": 180.0,
        "device": "cpu",
    }


def measure() -> dict[str, float]:
    """Return medians in ms."""
    with reading_session() as session:
        middle = session.execute(
            select(ReadingRow).order_by(ReadingRow.number).offset(_count_rows() // 2).limit(1)
        ).scalar_one()
        number, sha256, reading_id, day = middle.number, middle.sha256, middle.id, middle.at.date()
    figures = {
        "first page": _time(lambda: list_readings(HistoryFilters())),
        "page in the middle, by its cursor": _time(lambda: list_readings(HistoryFilters(), before=number)),
        "page before that one": _time(lambda: list_readings(HistoryFilters(), after=number)),
        "last page of all": _time(lambda: list_readings(HistoryFilters(), before=40)),
        "one reading by its id": _time(lambda: find_reading(reading_id)),
        "the choices of the filters": _time(lambda: [list_reading_values(name) for name in ("who", "region", "model")]),
    }
    for words, params in _list_questions(sha256, reading_id, day).items():
        filters = HistoryFilters.from_params(params)
        figures[words] = _time(lambda filters=filters: count_readings(filters, newest=list_readings(filters)))
        if params.keys() <= {"who", "call", "source", "region"}:
            key = f"{words}, from the middle on"
            figures[key] = _time(lambda filters=filters: list_readings(filters, before=number))
    return figures


def _list_questions(sha256: str, reading_id: str, day: Any) -> dict[str, dict[str, str]]:
    days = {"from_day": str(day), "to_day": str(day + timedelta(days=1))}
    return {
        "file, by its SHA-256": {"sha256": sha256},
        "file that was never read": {"sha256": "f" * 64},
        "search: digits of an id": {"search": reading_id[:10]},
        "search: part of names that many have": {"search": "reader"},
        "search: one person": {"search": "reader 42"},
        "search: nobody's name": {"search": "nobody"},
        "person": {"who": "Reader 7"},
        "person with one reading": {"who": "Rare"},
        "call that many have": {"call": "negative"},
        "source that few have": {"source": "command line"},
        "body part that few have": {"region": "heel"},
        "model": {"by_model": "inception"},
        "refused": {"refused": "yes"},
        "overridden, which few are": {"refused": "overridden"},
        "two days": days,
        "since the first day": {"from_day": "2024-01-01"},
        "until the tenth day": {"to_day": "2024-01-10"},
        "before the first day: none": {"to_day": "2023-01-01"},
        "a call that a model never made": {"call": "negative", "by_model": "inception"},
        "two that never meet": {"who": "Rare", "source": "PACS", "call": "positive"},
        "four, few meet": {"call": "negative", "source": "worklist", "region": "heel", "refused": "overridden"},
        "many have each, none all": {
            "call": "negative",
            "source": "worklist",
            "who": "Reader 3",
            "region": "hand",
            "by_model": "other",
        },
        "not refused, negative, not known where, never read by it": {
            "refused": "no",
            "call": "negative",
            "region": "not known",
            "source": "command line",
        },
        "old days, a person, a call": days | {"who": "Reader 9", "call": "positive"},
        "early days, a person, overridden": {"to_day": "2024-01-10", "who": "Reader 9", "refused": "overridden"},
        "search of many names, rare source": {"search": "reader", "source": "command line", "region": "heel"},
    }


def _time(act: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        act()
        times.append((time.perf_counter() - started_s) * 1000)
    return round(statistics.median(times), 1)


def _draw(random: Random, shares: dict[str, float]) -> str:
    return random.choices([*shares], [*shares.values()])[0]


def _count_rows() -> int:
    with reading_session() as session:
        return session.scalar(text("SELECT count(*) FROM readings")) or 0


@contextmanager
def _choose_database(is_postgresql: bool) -> Iterator[None]:
    get_settings.cache_clear()
    if not is_postgresql:
        yield
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed.")
    with run_postgres(binaries) as url:
        os.environ["FRACTURE_DATABASE_URL"] = url
        get_settings.cache_clear()
        yield


if __name__ == "__main__":
    main()
