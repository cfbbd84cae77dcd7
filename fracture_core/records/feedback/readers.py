"""How two readers of the same radiographs agree with each other: Cohen's kappa (Cohen 1960)."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sqlalchemy import func, select

from fracture_core.evaluation import RESAMPLES, Metric, build_metric, count_exact_share
from fracture_core.records.feedback.judged import summarize_feedback
from fracture_core.store import FeedbackRow, has_database, reading_session

_MOST_PAIRS = 20
_TINY = 1e-12


@dataclass(frozen=True)
class ReaderPair:
    """Two persons who judged the same readings, neither having been shown the other's word.

    Attributes:
        first, second: their names, as written last.
        n: readings that both judged.
        agreement: share on which they say the same, with an exact interval.
        kappa: agreement beyond what chance gives, 1 where they always agree, with an interval by bootstrap;
            without a value where both say the same of every reading, which chance alone would give too.
    """

    first: str
    second: str
    n: int
    agreement: Metric
    kappa: Metric


def compare_readers() -> list[ReaderPair]:
    """Return the pairs of persons that judged most readings together, 20 at most.

    Of a person's words on a reading the last one counts that was said before another's was shown.

    Raises:
        StoreError: the database cannot be used.
    """
    names, said = _read_words()
    together: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for words in said.values():
        for first, second in combinations(sorted(words), 2):
            together[first, second].append((words[first], words[second]))
    most = sorted(together.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_MOST_PAIRS]
    return [_compare(names[first], names[second], np.array(labels)) for (first, second), labels in most]


def compute_kappas(tables: np.ndarray) -> np.ndarray:
    """Return ``(R,)`` kappas of ``(R, 2, 2)`` counts by the first and the second reader's label; NaN where none."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = shares[:, 0, 0] + shares[:, 1, 1]
    expected = (shares.sum(axis=2) * shares.sum(axis=1)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected < 1 - _TINY, (observed - expected) / (1 - expected), np.nan)


def _read_words() -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return names by person, and labels by reading and person, of readings that two persons or more judged."""
    if not has_database():
        return {}, {}
    row, several = FeedbackRow, summarize_feedback()
    last = (
        select(func.max(row.number).label("number"))
        .join(several, several.c.reading_id == row.reading_id)
        .where(row.saw_others.is_(False), several.c.persons > 1)
        .group_by(row.reading_id, row.person)
        .subquery()
    )
    wanted = select(row.reading_id, row.person, row.who, row.label).join(last, last.c.number == row.number)
    names: dict[str, str] = {}
    said: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with reading_session() as session:
        for reading_id, person, who, label in session.execute(wanted.order_by(row.number)):
            names[person] = who
            said[reading_id][person] = label
    return names, said


def _compare(first: str, second: str, labels: np.ndarray) -> ReaderPair:
    n, table = len(labels), np.bincount(2 * labels[:, 0] + labels[:, 1], minlength=4)
    # Drawing readings anew is drawing the four counts anew.
    drawn = np.random.default_rng(0).multinomial(n, table / n, size=RESAMPLES)
    kappas = compute_kappas(np.concatenate([table[None], drawn]).reshape(-1, 2, 2))
    return ReaderPair(first, second, n, count_exact_share(int(table[0] + table[3]), n), build_metric(kappas, n))
