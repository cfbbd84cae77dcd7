from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import FailureFilterError
from fracture_core.failures.filters import SIZES, FailureChange, FailureFilters, FailureKind, Hardware, Order, Show
from fracture_core.networks.operating_points import CALLS


def some(values: tuple[object, ...]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


WORDS = st.lists(st.text(min_size=1) | st.sampled_from(["a,b", "%2C", "50%", ",", "not known"])).map(tuple)


@st.composite
def draw_filters(draw: st.DrawFn) -> FailureFilters:
    p_from, p_to = sorted(draw(st.tuples(*[st.floats(0, 1)] * 2)))
    return FailureFilters(
        show=draw(st.sampled_from(get_args(Show))),
        kinds=draw(some(get_args(FailureKind))),
        regions=draw(WORDS),
        views=draw(WORDS),
        hardware=draw(some(get_args(Hardware))),
        sizes=draw(some(SIZES)),
        changes=draw(some(get_args(FailureChange))),
        tags=draw(WORDS),
        family=draw(st.text()),
        p_from=p_from,
        p_to=p_to,
        reviewed=draw(st.sampled_from([None, True, False])),
        label_doubted=draw(st.sampled_from([None, True, False])),
        calls=draw(some(CALLS)),
        labels=draw(some((0, 1))),
        search=draw(st.text()),
        order=draw(st.sampled_from(get_args(Order))),
    )


@settings(derandomize=True, deadline=None, database=None, max_examples=150)
@given(draw_filters())
def test_an_address_gives_back_the_filters(filters: FailureFilters) -> None:
    assert FailureFilters.from_params(filters.to_params()) == filters


def test_defaults_leave_the_address_empty() -> None:
    assert FailureFilters().to_params() == {}
    assert FailureFilters.from_params({}) == FailureFilters()


def test_an_address_reads_plainly() -> None:
    filters = FailureFilters(show="all", kinds=("false alarm",), regions=("hand", "leg"), labels=(1,), reviewed=False)
    assert filters.to_params() == {
        "show": "all",
        "kinds": "false alarm",
        "regions": "hand,leg",
        "labels": "fractured",
        "reviewed": "no",
    }


def test_parameters_of_the_page_are_left_alone() -> None:
    assert FailureFilters.from_params({"model": "inception", "image": "3"}) == FailureFilters()


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("show", "some", "wrong, uncertain, all"),
        ("kinds", "missed", "missed fracture"),
        ("hardware", "yes", "visible, none, not known"),
        ("sizes", "big", SIZES[0]),
        ("changes", "gone", "still wrong"),
        ("reviewed", "maybe", "yes, no"),
        ("label_doubted", "1", "yes, no"),
        ("calls", "wrong", "positive, uncertain, negative"),
        ("labels", "2", "fractured"),
        ("order", "size", "wrongness"),
        ("p_from", "high", "from 0 to 1"),
        ("p_to", "1.5", "from 0 to 1"),
        ("p_from", "nan", "from 0 to 1"),
    ],
)
def test_what_a_filter_cannot_be_is_named(name: str, text: str, known: str) -> None:
    with pytest.raises(FailureFilterError) as caught:
        FailureFilters.from_params({name: text})
    assert f"'{name}'" in caught.value.problem
    assert text in caught.value.problem
    assert known in caught.value.remedy


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(FailureFilterError, match="p_to"):
        FailureFilters.from_params({"p_from": "0.8", "p_to": "0.2"})
