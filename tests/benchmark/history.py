"""How fast the history is found again with a million readings in the database.

    python -m tests.benchmark.history [--json] [--count 1000000] [--folder DIR] [--postgresql]

Medians of several rounds, each as the page asks: a page of 50 rows, what is beside it, and the count.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import count_readings, find_reading, list_reading_values, list_readings
from fracture_core.store.database import reading_session
from fracture_core.store.tables import ReadingRow
from tests.benchmark.million import build_parser, count_rows, filled_database, show_figures, time_ms

ROUNDS = 7


def main() -> None:
    arguments = build_parser().parse_args()
    with filled_database(arguments):
        figures = measure()
    figures = {"readings": arguments.count, "slowest, median, ms": max(figures.values())} | figures
    show_figures(arguments, "history", f"The history with {arguments.count:,} readings", figures)


def measure() -> dict[str, float]:
    """Return medians in ms."""
    with reading_session() as session:
        middle = session.execute(
            select(ReadingRow).order_by(ReadingRow.number).offset(count_rows(ReadingRow) // 2).limit(1)
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
    return time_ms(act, ROUNDS)


if __name__ == "__main__":
    main()
