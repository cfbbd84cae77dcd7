"""How fast agreement and disagreements are counted with a million readings, of which many were judged.

    python -m tests.benchmark.feedback [--json] [--count 1000000] [--judgements 50000] [--folder DIR] [--postgresql]

Medians of several rounds.
"""

from collections.abc import Callable
from random import Random

from sqlalchemy import insert, select

from fracture_core.records.feedback.agreement import measure_agreement
from fracture_core.records.feedback.disagreements import count_judged, list_disagreements
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.read import read_feedback, stamp_feedback
from fracture_core.records.feedback.readers import compare_readers
from fracture_core.records.feedback.write import give_feedback
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import FeedbackRow, ReadingRow
from tests.benchmark.million import build_parser, count_rows, filled_database, show_figures, time_ms

ROUNDS, _BLOCK = 5, 5_000
_PEOPLE = [f"reader {number}" for number in range(12)]


def main() -> None:
    parser = build_parser()
    parser.add_argument("--judgements", type=int, default=50_000)
    arguments = parser.parse_args()
    with filled_database(arguments):
        if not count_rows(FeedbackRow):
            fill(arguments.judgements)
        figures = measure()
    title = f"Feedback: {arguments.judgements:,} judgements of {arguments.count:,} readings"
    show_figures(arguments, "feedback", title, figures)


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
    return {f"{name}, ms": time_ms(ask, ROUNDS) for name, ask in asked.items()}


if __name__ == "__main__":
    main()
