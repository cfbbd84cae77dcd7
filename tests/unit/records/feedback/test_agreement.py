"""Agreement with the model and between readers: what counts, what does not, and the intervals."""

from datetime import UTC, datetime, timedelta

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
from fracture_core.records.feedback.disagreements import count_judged, list_disagreements, list_judged
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import read_judged
from fracture_core.records.feedback.read import stamp_feedback
from fracture_core.records.feedback.readers import compare_readers, compute_kappas
from fracture_core.records.feedback.records import decide_consensus
from fracture_core.records.retention import delete_reading
from tests.feedback_world import judge, make_reading

MARCH, APRIL = datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)


@given(st.lists(st.integers(0, 1), max_size=9))
def test_the_consensus_is_what_most_say(labels: list[int]) -> None:
    found = decide_consensus(labels)
    ones, zeros = labels.count(1), labels.count(0)
    assert (found.fractured, found.not_fractured) == (ones, zeros)
    assert found.label == (None if ones == zeros else int(ones > zeros))
    assert found.is_disputed == (ones == zeros > 0)
    assert found.is_divided == (0 < ones < len(labels))
    turned = decide_consensus([1 - label for label in labels])
    assert turned.label == (None if found.label is None else 1 - found.label)
    if found.label is not None:  # one more who says the same changes nothing
        assert decide_consensus([*labels, found.label]).label == found.label


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


def test_a_disputed_label_is_in_no_figure_until_a_third_decides(either_database: Settings) -> None:
    record = make_reading("positive")
    judge(record, 1, "Ben")
    judge(record, 0, "Cy")
    [row] = measure_agreement()
    assert (row.n, row.n_disputed, row.agreement.n, row.figures["accuracy"].n) == (1, 1, 0, 0)
    judge(record, 0, "Di")
    [row] = measure_agreement()
    assert (row.n_disputed, row.agreement.value, row.figures["accuracy"].n) == (0, 0.0, 1)
    judge(record, 1, "cy")  # changes his mind
    assert measure_agreement()[0].agreement.value == 1.0


def test_a_radiograph_that_is_read_again_counts_once(own_settings: Settings) -> None:
    judge(make_reading("positive", key="one"), 0)
    judge(make_reading("positive", key="one"), 1)
    judge(make_reading("positive", key="one", frame=1), 1)
    judge(make_reading("positive", key="one", model_sha256="b" * 64), 1)
    judged = read_judged()
    assert len(judged) == 3 and sum(each.consensus.label for each in judged) == 3


def test_the_readers_word_names_the_region(own_settings: Settings) -> None:
    record = make_reading("positive", region="hand")
    judge(record, 1, "Ben", region="wrist")
    judge(record, 1, "Cy")
    judge(make_reading("positive", region=""), 1)
    assert {each.region for each in read_judged()} == {"wrist", "not known"}
    assert count_judged(FeedbackFilters(region="wrist")) == count_judged(FeedbackFilters(region="not known")) == 1


def test_disagreements_are_listed_a_page_at_a_time(either_database: Settings) -> None:
    readings = [make_reading("positive", key=number) for number in range(7)]
    for number, record in enumerate(readings):
        judge(record, 0 if number < 5 else 1)
    judge(readings[0], 1, "Ben")  # no longer against the call
    judge(readings[6], 0, "Cy", note="A fissure, no break.")
    first = list_disagreements(limit=3)
    second = list_disagreements(limit=3, before=first.older)
    ids = [each.reading.id for page in (first, second) for each in page.readings]
    assert ids == [readings[number].id for number in (6, 4, 3, 2, 1)] and second.older is None
    assert [(each.who, each.label) for each in first.readings[0].said] == [("Ben", 1), ("Cy", 0)]
    assert first.readings[0].consensus.is_disputed and not first.readings[1].consensus.is_disputed
    [divided] = list_disagreements(FeedbackFilters(kind="readers")).readings
    assert divided.reading.id == readings[6].id
    assert len(list_judged().readings) == 7 == count_judged()


def test_filters_narrow_the_list(either_database: Settings) -> None:
    old = make_reading("negative", at=MARCH, region="ankle", model="other")
    judge(old, 1, "Cy")
    judge(make_reading("positive", at=APRIL), 1)
    for filters in (
        FeedbackFilters(call="negative"),
        FeedbackFilters(label="fractured", end=MARCH.date()),
        FeedbackFilters(region="ankle"),
        FeedbackFilters(model="other"),
        FeedbackFilters(who="CY"),
        FeedbackFilters(kind="model"),
        FeedbackFilters(start=MARCH.date(), end=MARCH.date() + timedelta(days=1)),
    ):
        assert [each.reading.id for each in list_judged(filters).readings] == [old.id], filters
        assert count_judged(filters) == 1 == len(read_judged(filters))
        assert FeedbackFilters.from_params(filters.to_params()) == filters
    assert list_judged(FeedbackFilters(label="disputed")).readings == ()


@pytest.mark.parametrize(
    "params", [{"kind": "x"}, {"call": "maybe"}, {"label": "broken"}, {"start": "yesterday"}, {"who": "a\0b"}]
)
def test_filters_that_cannot_be_are_clear_errors(params: dict[str, str]) -> None:
    with pytest.raises(FeedbackError):
        FeedbackFilters.from_params(params)


def test_a_list_of_no_length_is_refused(own_settings: Settings) -> None:
    with pytest.raises(FeedbackError, match="at once"):
        list_judged(limit=0)
    assert list_judged().readings == () and count_judged() == 0 and read_judged() == []


def test_two_readers_are_compared_where_neither_saw_the_others_word(either_database: Settings) -> None:
    for number in range(12):
        record = make_reading("positive", key=number)
        judge(record, int(number < 6), "Ben")
        judge(record, int(number < 5), "Cy", saw_others=number == 11)
        if number == 0:
            judge(record, 0, "Ben", saw_others=True)  # swayed: his first word counts here
            judge(record, 1, "Di")
    first = compare_readers()[0]
    assert (first.first, first.second, first.n) == ("Ben", "Cy", 11)
    assert first.agreement.value == pytest.approx(10 / 11, abs=1e-4)
    said = [int(number < 6) for number in range(11)], [int(number < 5) for number in range(11)]
    assert first.kappa.value == pytest.approx(cohen_kappa_score(*said), abs=1e-4)
    assert first.kappa.low < first.kappa.value <= first.kappa.high
    assert [pair.n for pair in compare_readers()] == [11, 1, 1]
    assert compare_readers()[1].kappa.value is None


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
