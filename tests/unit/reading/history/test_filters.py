"""Filters over the history and their address say the same; no text breaks them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fracture_core.base.errors import HistoryError
from fracture_core.reading.history.filters import KNOWN_WORDS, HistoryFilters

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=60)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2500, 1, 1))
FILTERS = st.builds(
    HistoryFilters,
    search=TEXT,
    who=TEXT,
    region=TEXT,
    by_model=TEXT,
    worklist=TEXT,
    source=st.sampled_from(("", *KNOWN_WORDS["source"])),
    call=st.sampled_from(("", *KNOWN_WORDS["call"])),
    refused=st.sampled_from(("", *KNOWN_WORDS["refused"])),
    from_day=DAYS,
    sha256=st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64),
)


@given(FILTERS)
def test_the_address_gives_the_same_filters_again(filters: HistoryFilters) -> None:
    params = filters.to_params()
    assert HistoryFilters.from_params(params) == filters
    assert all(isinstance(value, str) and value for value in params.values())
    assert filters.is_empty == (params == {})


@given(st.dictionaries(st.sampled_from([*HistoryFilters.model_fields]) | st.text(), st.text()))
def test_any_address_gives_filters_or_a_clear_error(params: dict[str, str]) -> None:
    try:
        HistoryFilters.from_params(params)
    except HistoryError as error:
        assert "The filter '" in error.problem and error.remedy
