"""A count beside a filter's value is what choosing it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fracture_core.failures.facets import count_facets
from fracture_core.failures.filters import FailureFilters
from tests.unit.failures.test_selection import PREDICTIONS, TABLE, draw_sensible_filters, list_files, quick


@quick
@given(draw_sensible_filters(), st.sampled_from(["regions", "views", "kinds", "changes", "tags", "labels", "calls"]))
def test_a_count_is_what_choosing_the_value_leaves(filters: FailureFilters, name: str) -> None:
    errors = sum(not item.correct for item in PREDICTIONS)
    for count in count_facets(TABLE, filters)[name]:
        chosen = FailureFilters.from_params(filters.to_params() | {name: count.value.replace(",", "%2C")})
        files = list_files(TABLE, chosen)
        assert count.files == len(files)
        assert count.wrong == sum(not file.correct for file in files)
        assert count.share_of_errors == pytest.approx(count.wrong / errors)
        assert count.radiographs == len({file.radiograph for file in files})


@quick
@given(draw_sensible_filters(), st.sampled_from(["wrong", "uncertain", "all"]))
def test_a_count_of_the_switch_is_what_it_leaves(filters: FailureFilters, show: str) -> None:
    count = next(count for count in count_facets(TABLE, filters)["show"] if count.value == show)
    assert count.files == len(list_files(TABLE, filters.model_copy(update={"show": show})))


def test_counts_of_what_a_file_is_only_once_add_up() -> None:
    counts = count_facets(TABLE, FailureFilters(show="all"))
    for name in ("regions", "hardware", "sizes", "reviewed", "label_doubted", "calls", "labels"):
        assert sum(count.files for count in counts[name]) == len(PREDICTIONS), name
        assert sum(count.share_of_errors for count in counts[name]) == pytest.approx(1.0), name
