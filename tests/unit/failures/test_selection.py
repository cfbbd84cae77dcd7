from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.evaluation.records import Prediction
from fracture_core.failures import selection as select_module
from fracture_core.failures.facets import count_facets
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.selection import select_failures
from fracture_core.failures.table import FailureTable
from tests.unit.failures.made import draw_predictions, draw_reviews, make_evaluation, make_prediction
from tests.unit.failures.test_filters import some

PREDICTIONS = draw_predictions(240)
TABLE = FailureTable.build(
    make_evaluation(PREDICTIONS), draw_reviews(PREDICTIONS), make_evaluation(draw_predictions(200, seed=1), "other")
)
quick = settings(derandomize=True, deadline=None, database=None, max_examples=80)


@st.composite
def draw_sensible_filters(draw: st.DrawFn) -> FailureFilters:
    """Filters that mostly leave something of the table."""
    fields = {
        "show": st.sampled_from(["wrong", "uncertain", "all"]),
        "kinds": some(("missed fracture", "false alarm", "uncertain", "correct")),
        "regions": some(("hand", "leg", "not known", "nowhere")),
        "views": some(("frontal", "lateral", "not known")),
        "hardware": some(("visible", "none", "not known")),
        "changes": some(("fixed", "new", "still wrong")),
        "tags": some(("cast", "look, again")),
        "reviewed": st.booleans(),
        "calls": some(("positive", "negative")),
        "labels": some((0, 1)),
        "search": st.sampled_from(["image0001", "3/", "NOT THERE"]),
        "p_from": st.sampled_from([0.1, 0.6]),
        "order": st.sampled_from(["loss", "distance", "label error", "name"]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
    return FailureFilters(**{name: draw(fields[name]) for name in chosen})


def list_files(table: FailureTable, filters: FailureFilters) -> list[Prediction]:
    return [file for entry in select_failures(table, filters) for file in entry.files]


def test_everything_is_shown_once() -> None:
    files = list_files(TABLE, FailureFilters(show="all"))
    assert Counter(file.name for file in files) == Counter(item.name for item in PREDICTIONS)


@quick
@given(draw_sensible_filters())
def test_folding_loses_no_file_and_doubles_none(filters: FailureFilters) -> None:
    names = [file.name for file in list_files(TABLE, filters)]
    rows = select_module.find_rows(TABLE, filters)
    assert sorted(names) == sorted(item.name for item, kept in zip(PREDICTIONS, rows, strict=True) if kept)


@quick
@given(draw_sensible_filters())
def test_entries_are_radiographs_that_know_all_their_copies(filters: FailureFilters) -> None:
    entries = select_failures(TABLE, filters)
    assert len({entry.radiograph for entry in entries}) == len(entries)
    for entry in entries:
        copies = [item for item in PREDICTIONS if item.radiograph == entry.radiograph]
        assert entry.shown is entry.files[0]
        assert (entry.n_files, entry.n_wrong) == (len(copies), sum(not item.correct for item in copies))
        assert set(entry.files) <= set(copies)


def test_missed_false_alarms_and_correct_ones_are_everything_and_uncertain_is_beside_them() -> None:
    kinds = {count.value: count for count in count_facets(TABLE, FailureFilters(show="all"))["kinds"]}
    assert sum(kinds[kind].files for kind in ("missed fracture", "false alarm", "correct")) == len(PREDICTIONS)
    assert kinds["missed fracture"].wrong + kinds["false alarm"].wrong == int(TABLE.n_wrong.sum())
    assert kinds["uncertain"].files == sum(item.call == "uncertain" for item in PREDICTIONS)


def test_a_region_that_is_not_there_leaves_nothing() -> None:
    assert not select_failures(TABLE, FailureFilters(regions=("knee",)))
    assert not select_failures(TABLE, FailureFilters(family="no such radiograph"))


def test_a_part_of_the_entries_is_as_long_as_asked() -> None:
    entries = select_failures(TABLE, FailureFilters(show="all"))
    assert entries[10:20] == list(entries)[10:20]
    assert entries[-1] == list(entries)[-1]
    assert entries.n_files == len(PREDICTIONS)
    with pytest.raises(IndexError):
        entries[len(entries)]


def test_one_family_is_one_entry() -> None:
    (entry,) = select_failures(TABLE, FailureFilters(show="all", family="radiograph 7"))
    assert len(entry.files) == entry.n_files == 4


def test_fixed_files_are_shown_although_they_are_right_now() -> None:
    files = list_files(TABLE, FailureFilters(changes=("fixed",)))
    assert files
    assert all(file.correct for file in files)


def test_orders() -> None:
    made = [
        make_prediction("slightly missed", 1, 0.45),
        make_prediction("clearly missed", 1, 0.05),
        make_prediction("false alarm", 0, 0.9),
        make_prediction("just right", 1, 0.51),
        make_prediction("right", 0, 0.2),
    ]
    table = FailureTable.build(make_evaluation(made))
    shown = {
        order: [entry.shown.name for entry in select_failures(table, FailureFilters(show="all", order=order))]
        for order in table.orders
    }
    assert shown["wrongness"][:3] == ["clearly missed", "false alarm", "slightly missed"]
    assert shown["loss"][:3] == ["clearly missed", "false alarm", "slightly missed"]
    assert shown["distance"][:2] == ["just right", "slightly missed"]
    assert shown["label error"][0] == "clearly missed"
    assert shown["name"] == sorted(item.name for item in made)


def test_a_file_that_is_wrong_stands_before_one_that_is_right_with_less_doubt() -> None:
    made = [
        make_prediction(name, label, p, correct=right)
        for name, label, p, right in [
            ("wrong", 0, 0.31, False),
            ("right", 1, 0.35, True),  # by a balanced point of 0.3
        ]
    ]
    table = FailureTable.build(make_evaluation(made))
    assert [entry.shown.name for entry in select_failures(table, FailureFilters(show="all"))] == ["wrong", "right"]
    assert [entry.shown.name for entry in select_failures(table, FailureFilters(show="all", order="loss"))] == [
        "right",
        "wrong",
    ]


def test_an_evaluation_of_nothing_has_no_entries() -> None:
    table = FailureTable.build(make_evaluation([]))
    assert len(select_failures(table, FailureFilters(show="all"))) == 0
    assert all(count.files == 0 for counts in count_facets(table, FailureFilters()).values() for count in counts)


def test_an_older_evaluation_does_not_know_sizes() -> None:
    table = FailureTable.build(make_evaluation([make_prediction("a", 1, 0.1)]))
    assert len(select_failures(table, FailureFilters(sizes=("not known",)))) == 1
