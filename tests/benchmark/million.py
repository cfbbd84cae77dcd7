"""What benchmarks over a million readings share: the readings, the database, how it is asked and how it is told."""

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

from sqlalchemy import func, insert, select

from fracture_core.base.settings import get_settings
from fracture_core.store.database import has_database, reading_session, writing_session
from fracture_core.store.tables import ReadingRow
from tests.postgres import find_binaries, run_postgres

_BLOCK = 10_000
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_PEOPLE = [f"Reader {number}" for number in range(60)]
_SOURCES = {"page": 30, "worklist": 40, "API": 20, "PACS": 9.999, "command line": 0.001}
_REGIONS = {"": 20, "wrist": 20, "ankle": 15, "hand": 15, "foot": 15, "knee": 14.9, "heel": 0.1}
_CALLS = {"negative": 60, "uncertain": 10, "positive": 30}
_GATES = {"passed": 97, "refused": 2.995, "overridden": 0.005}


def build_parser() -> argparse.ArgumentParser:
    """Return the options that all of them take."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="kept, and not filled anew when it is there")
    parser.add_argument("--postgresql", action="store_true", help="on a server that is started for it")
    return parser


@contextmanager
def filled_database(arguments: argparse.Namespace) -> Iterator[None]:
    """Have so many readings in the database that the arguments name, while the block runs."""
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["FRACTURE_STATE_DIR"] = str(arguments.folder or temporary)
        with _choose_database(arguments.postgresql):
            if not has_database() or not count_rows(ReadingRow):
                _fill(arguments.count)
            yield


def show_figures(arguments: argparse.Namespace, name: str, title: str, figures: dict[str, Any]) -> None:
    """Print what was measured, with the command that measures it again."""
    record = {
        "title": title,
        "command": f"python -m tests.benchmark.{name} --json" + (" --postgresql" if arguments.postgresql else ""),
        "database": "PostgreSQL" if arguments.postgresql else "SQLite",
        "cores": os.cpu_count(),
    } | figures
    print(json.dumps(record, indent=2) if arguments.json else "\n".join(f"{k:52} {v}" for k, v in record.items()))


def time_ms(act: Callable[[], object], rounds: int) -> float:
    """Return the median of several rounds, in ms."""
    times = []
    for _ in range(rounds):
        started_s = time.perf_counter()
        act()
        times.append((time.perf_counter() - started_s) * 1000)
    return round(statistics.median(times), 1)


def count_rows(table: type) -> int:
    with reading_session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _fill(total: int) -> None:
    """Write made rows, a block a transaction; they have no entries in the audit log."""
    for start in range(0, total, _BLOCK):
        with writing_session() as session:
            session.execute(insert(ReadingRow), [_make_row(n) for n in range(start, min(start + _BLOCK, total))])


def _make_row(number: int) -> dict[str, Any]:
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


def _draw(random: Random, shares: dict[str, float]) -> str:
    return random.choices([*shares], [*shares.values()])[0]


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
