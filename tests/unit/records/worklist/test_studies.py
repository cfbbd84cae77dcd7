"""Several views, one call; likely fractures first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fracture_core.records.worklist.records import WorklistItem
from fracture_core.records.worklist.studies import build_studies, combine_calls, sort_items, sort_studies
from fracture_core.store.words import Call

NOTHING = WorklistItem(
    worklist_id="w",
    number=1,
    name="a.png",
    path="a.png",
    status="waiting",
    reason="",
    sha256="",
    study="",
    study_by="",
    region="",
    view="",
    source_type="",
    width_px=None,
    height_px=None,
    label="",
    call=None,
    p_fracture=None,
    notes=(),
    refusals=(),
    override=None,
    elapsed_ms=None,
    read_at=None,
)


def make_item(
    number: int, call: Call | None = None, p: float | None = None, study: str = "", **changes: object
) -> WorklistItem:
    status = "done" if call else "waiting"
    item = replace(NOTHING, number=number, call=call, p_fracture=p, study=study, status=status)
    return replace(item, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("calls", "together"),
    [
        (("negative", "positive", "uncertain"), "positive"),
        (("negative", "uncertain"), "uncertain"),
        (("negative", None), "negative"),
        ((None, None), None),
        ((), None),
    ],
)
def test_an_exam_is_positive_if_any_view_is(calls: tuple[Call | None, ...], together: Call | None) -> None:
    assert combine_calls(calls) == together


@given(st.permutations(["positive", "uncertain", "negative", None]))
def test_the_order_of_views_does_not_matter(calls: list[Call | None]) -> None:
    assert combine_calls(calls) == "positive"


def test_an_exam_shows_its_highest_probability_and_its_unread_views() -> None:
    refused = make_item(3, "positive", 0.99, "s", refusals=("A chest.",))
    items = [make_item(1, "negative", 0.1, "s"), make_item(2, "negative", 0.2, "s"), refused, make_item(4, study="s")]
    [study] = build_studies(items)
    assert (study.call, study.p_fracture, study.unread) == ("negative", 0.2, 2)


def test_likely_fractures_first_then_what_has_no_reading() -> None:
    refused, failed = make_item(5, "positive", 0.9, refusals=("x",)), make_item(6, status="failed")
    items = [
        make_item(1),
        failed,
        refused,
        make_item(2, "negative", 0.3),
        make_item(3, "positive", 0.6),
        make_item(4, "positive", 0.8),
    ]
    assert [item.number for item in sort_items(items)] == [4, 3, 2, 5, 6, 1]


def test_exams_keep_their_number_and_stand_where_their_likeliest_view_stands() -> None:
    items = [make_item(1, "negative", 0.3), make_item(2, "negative", 0.1, "s"), make_item(3, "positive", 0.7, "s")]
    studies = sort_studies(build_studies(items))
    assert [(study.number, len(study.items)) for study in studies] == [(2, 2), (1, 1)]
