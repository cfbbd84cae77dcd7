"""Agreement with the model and between readers: what counts, what does not, and the intervals."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from fracture_core.base.errors import FeedbackError
from fracture_core.base.settings import Settings
from fracture_core.evaluation.metrics import count_exact_share
from fracture_core.records.feedback.agreement import divide, measure_agreement
from fracture_core.records.feedback.disagreements import count_judged, list_judged
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import read_judged
from fracture_core.records.feedback.read import stamp_feedback
from fracture_core.records.feedback.readers import compute_kappas
from fracture_core.records.retention import delete_reading
from tests.feedback_world import judge, make_reading

MARCH, APRIL = datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)


@settings(max_examples=60)
@given(st.integers(1, 400), st.data())
def test_the_interval_is_the_exact_one(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    found, exact = count_exact_share(hits, n), binomtest(hits, n).proportion_ci(method="exact")
    assert (found.low, found.high) == (pytest.approx(exact.low, abs=1e-4), pytest.approx(exact.high, abs=1e-4))
    assert found.low <= found.value <= found.high and found.n == n


def test_nothing_judged_has_no_share() -> None:
    assert count_exact_share(0, 0).value is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=60))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs).T
    table = np.bincount(2 * first + second, minlength=4).reshape(1, 2, 2)
    [found] = compute_kappas(table)
    if len(set(first) | set(second)) < 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second, labels=[0, 1]), abs=1e-9)


def test_agreement_counts_calls_and_the_figures_the_balanced_point(either_database: Settings) -> None:
    for call, p, label, at in (
        ("positive", 0.9, 1, MARCH),
        ("positive", 0.8, 0, MARCH),
        ("negative", 0.1, 0, APRIL),
        ("negative", 0.1, 1, APRIL),
        ("negative", 0.05, 0, APRIL),
        ("uncertain", 0.5, 1, APRIL),
        ("uncertain", 0.3, 1, APRIL),
    ):
        judge(make_reading(call, p=p, at=at, region="wrist" if at == MARCH else "ankle"), label)
    [row] = measure_agreement()
    assert (row.n, row.n_disputed, row.n_uncertain) == (7, 0, 2)
    assert (row.agreement.value, row.agreement.n) == (0.6, 5)
    assert row.figures["accuracy"].value == pytest.approx(4 / 7, abs=1e-4)
    assert (row.figures["sensitivity"].value, row.figures["sensitivity"].n) == (0.5, 4)
    assert row.figures["specificity"].value == pytest.approx(2 / 3, abs=1e-4)
    assert row.figures["ppv"].value == pytest.approx(2 / 3, abs=1e-4) and row.figures["npv"].value == 0.5
    assert [(part.key, part.n) for part in measure_agreement("month")] == [("2026-03", 2), ("2026-04", 5)]
    assert [part.key for part in measure_agreement("week")] == ["2026-W14"]
    assert [(part.key, part.n) for part in measure_agreement("region")] == [("ankle", 5), ("wrist", 2)]
    assert {part.key: part.agreement.n for part in measure_agreement("call")}["uncertain"] == 0
    assert [part.key for part in measure_agreement("model")] == ["tiny aaaaaaaa"]
    with pytest.raises(FeedbackError, match="divided"):
        divide([], "moon")  # type: ignore[arg-type]


def test_the_last_day_and_numbers_that_no_reading_has_are_no_error(either_database: Settings) -> None:
    judge(make_reading("positive"), 1)
    last = FeedbackFilters.from_params({"start": "0001-01-01", "end": "9999-12-31"})
    assert count_judged(last) == len(read_judged(last)) == 1
    assert len(list_judged(before=10**30).readings) == 1 and not list_judged(before=-(10**30)).readings


def test_what_takes_the_place_of_deleted_feedback_is_counted_anew(either_database: Settings) -> None:
    judge(make_reading("positive"), 1)
    gone = make_reading("positive")
    judge(gone, 1)
    before = stamp_feedback()
    delete_reading(gone.id, "Ada", "wrong file")
    judge(make_reading("positive"), 0)
    assert stamp_feedback() != before
