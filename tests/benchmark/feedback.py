"""How fast agreement and disagreements are counted with a million readings, of which many were judged.

    python -m tests.benchmark.feedback [--json] [--count 1000000] [--judgements 50000] [--folder DIR] [--postgresql]

Readings are those of ``tests.benchmark.history``; a folder that is given is kept. Medians of several rounds.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select

from fracture_core.records.feedback.agreement import measure_agreement
from fracture_core.records.feedback.disagreements import count_judged, list_disagreements
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.read import read_feedback, stamp_feedback
from fracture_core.records.feedback.readers import compare_readers
from fracture_core.records.feedback.write import give_feedback
from fracture_core.store.database import has_database, reading_session, writing_session
from fracture_core.store.tables import FeedbackRow, ReadingRow
from tests.benchmark import history

ROUNDS, _BLOCK = 5, 5_000
_PEOPLE = [f"reader {number}" for number in range(12)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--judgements", type=int, default=50_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--postgresql", action="store_true", help="on a server that is started for it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["FRACTURE_STATE_DIR"] = str(arguments.folder or temporary)
        with history._choose_database(arguments.postgresql):
            if not has_database() or not _count(ReadingRow):
                history.fill(arguments.count)
            if not _count(FeedbackRow):
                fill(arguments.judgements)
            figures = measure()
    record = {
        "title": f"Feedback: {arguments.judgements:,} judgements of {arguments.count:,} readings",
        "command": "python -m tests.benchmark.feedback --json" + (" --postgresql" if arguments.postgresql else ""),
        "database": "PostgreSQL" if arguments.postgresql else "SQLite",
        "cores": os.cpu_count(),
    } | figures
    print(
        json.dumps(record, indent=2)
        if arguments.json
        else "\n".join(f"{key}: {value}" for key, value in record.items())
    )


def fill(judgements: int) -> None:
    """Judge readings at random: some by two, some twice by one."""
    random, rows = Random(0), []
    with reading_session() as session:
        wanted = select(ReadingRow.id, ReadingRow.at, ReadingRow.call).where(ReadingRow.gate == "passed")
        found = session.execute(wanted.order_by(ReadingRow.sha256).limit(judgements)).all()
    while len(rows) < judgements:
        reading_id, at, call = random.choice(found)
        for person in random.choices(_PEOPLE, k=random.choice([1, 1, 2, 3])):
            label = int(random.random() < (0.85 if call == "positive" else 0.1))
            agrees = None if call == "uncertain" else (call == "positive") == bool(label)
            rows.append(
                {
                    "reading_id": reading_id,
                    "at": at,
                    "who": person,
                    "person": person,
                    "agrees": agrees,
                    "label": label,
                    "region": "",
                    "note": "",
                    "saw_others": False,
                }
            )
    for start in range(0, judgements, _BLOCK):
        with writing_session() as session:
            session.execute(insert(FeedbackRow), rows[start : start + _BLOCK])


def measure() -> dict[str, float]:
    """Return medians in ms."""
    last = list_disagreements()
    deep = last
    for _ in range(20):
        deep = list_disagreements(before=deep.older)
    chosen = next(each.reading for each in deep.readings if each.reading.call != "uncertain")
    asked: dict[str, Callable[[], object]] = {
        "has anything been said since": stamp_feedback,
        "what was said of one reading": lambda: read_feedback(chosen.id),
        "say something": lambda: give_feedback(chosen.id, who="Ada", agrees=True, label=None),
        "newest disagreements": list_disagreements,
        "twentieth page of them": lambda: list_disagreements(before=deep.older),
        "where readers differ on ankles": lambda: list_disagreements(FeedbackFilters(kind="readers", region="ankle")),
        "how many were judged": count_judged,
        "agreement by month": lambda: measure_agreement("month"),
        "pairs of readers": compare_readers,
    }
    return {f"{name}, ms": _time(ask) for name, ask in asked.items()}


def _time(ask: Callable[[], object]) -> float:
    taken_ms = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        ask()
        taken_ms.append(1000 * (time.perf_counter() - started_s))
    return round(statistics.median(taken_ms), 1)


def _count(table: type) -> int:
    with reading_session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


if __name__ == "__main__":
    main()
