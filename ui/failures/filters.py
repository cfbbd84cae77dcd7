"""The filters beside the grid: every value with its count and its share of all errors."""

from collections.abc import Callable

import streamlit as st

from fracture_core.failures import FacetCount, FailureFilters
from ui.failures.shown import Shown
from ui.shared.address import change_filters, clear_filters
from ui.shared.errors import escape_markdown

# Field, title, and the words of values that would not speak for themselves.
_FACETS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("kinds", "Kind", {}),
    ("changes", "Against the other model", {"fixed": "fixed", "new": "newly wrong"}),
    ("regions", "Region", {}),
    ("views", "View", {}),
    ("hardware", "Metal hardware", {}),
    ("sizes", "Image size", {}),
    ("labels", "Label", {}),
    ("calls", "Call", {"positive": "suspected", "negative": "not suspected"}),
    ("reviewed", "Reviewed", {}),
    ("label_doubted", "Label looks wrong", {}),
    ("tags", "Tag", {}),
)
_SINGLE = {"reviewed", "label_doubted"}
_ORDERS = {
    "wrongness": "Most sure of the wrong call",
    "loss": "Largest loss",
    "distance": "Nearest to the operating point",
    "label error": "Likeliest label error",
    "name": "Name",
}
_OPEN_KEY = "fx_filters_shown"
KEPT_WHEN_CLEARED = ("show", "order")


def show_filters(shown: Shown) -> None:
    """Show the filters as a column; on a phone it is folded until asked for."""
    is_open = st.toggle("Filters", key=_OPEN_KEY)
    with st.container(key="fx_filters_open" if is_open else "fx_filters_shut", gap="small"):
        st.caption("Files, and their share of all errors")
        for field, title, words in _FACETS:
            _show_facet(shown, field, title, words)
        _show_range(shown.filters)


def show_switches(shown: Shown) -> None:
    """Show what stands above the grid: which radiographs, in which order, and the search."""
    counts = {count.value: count for count in shown.facets["show"]}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _follow(
            "show",
            shown.filters.show,
            st.segmented_control,
            "Show",
            ["wrong", "uncertain", "all"],
            required=True,
            format_func=lambda value: f"{value.capitalize()} :gray[{_count(counts.get(value))}]",
            label_visibility="collapsed",
        )
        _follow(
            "order",
            shown.filters.order,
            st.selectbox,
            "Order",
            list(_ORDERS),
            format_func=_ORDERS.__getitem__,
            width=240,
            label_visibility="collapsed",
        )
        _follow(
            "search",
            shown.filters.search,
            st.text_input,
            "Part of the file name",
            placeholder="File name",
            width=150,
            label_visibility="collapsed",
            icon=":material/search:",
        )


def show_active(shown: Shown) -> None:
    """Say in one line what the grid is restricted to, with a way back."""
    parts = describe_filters(shown.filters)
    if not parts:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Filtered: {escape_markdown('; '.join(parts))}", width="content")
        offer_to_clear("active")


def offer_to_clear(key: str) -> None:
    """Show the button that takes all filters away."""
    st.button(
        "Clear filters",
        icon=":material/filter_alt_off:",
        key=f"fx_clear_{key}",
        type="tertiary",
        on_click=clear_filters,
        args=(KEPT_WHEN_CLEARED,),
    )


def describe_filters(filters: FailureFilters) -> list[str]:
    """Return each restriction in words; the switch and the order are none."""
    parts = [
        f"{title.lower()} {' or '.join(words.get(word, word) for word in filters.list_words(field))}"
        for field, title, words in _FACETS
        if filters.list_words(field)
    ]
    if (filters.p_from, filters.p_to) != (0.0, 1.0):
        parts.append(f"p from {filters.p_from:.2f} to {filters.p_to:.2f}")
    parts += [f"copies of {filters.family}"] if filters.family else []
    return parts + ([f"file name with “{filters.search}”"] if filters.search else [])


def _show_facet(shown: Shown, field: str, title: str, words: dict[str, str]) -> None:
    chosen = list(shown.filters.list_words(field))
    counts = {count.value: count for count in shown.facets.get(field, []) if count.files or count.value in chosen}
    values = [*counts, *(word for word in chosen if word not in counts)]
    if len(values) < 2 and not chosen:
        return  # one value for all divides nothing
    key, is_single = f"fx_filter_{field}", field in _SINGLE

    def word(value: str) -> str:
        return f"{escape_markdown(words.get(value, value))} :gray[{_count(counts.get(value))}]"

    st.session_state[key] = next(iter(chosen), None) if is_single else chosen  # the address decides
    st.pills(
        title,
        values,
        key=key,
        selection_mode="single" if is_single else "multi",
        on_change=_take_facet,
        args=(field,),
        format_func=word,
        width="stretch",
    )


def _take_facet(field: str) -> None:
    value = st.session_state[f"fx_filter_{field}"]
    if field in _SINGLE:
        change_filters(**{field: None if value is None else value == "yes"})
    elif field == "labels":
        change_filters(labels=tuple(int(word == "fractured") for word in value))
    else:
        change_filters(**{field: tuple(value)})


def _count(count: FacetCount | None) -> str:
    """Return how many files, and which share of all errors."""
    if count is None:
        return "0"
    return f"{count.files:,} · {count.share_of_errors:.0%}"


def _show_range(filters: FailureFilters) -> None:
    key = "fx_filter_p"
    st.session_state[key] = (round(filters.p_from, 2), round(filters.p_to, 2))
    st.slider("Probability of fracture", 0.0, 1.0, step=0.01, key=key, on_change=_take_range)


def _take_range() -> None:
    low, high = st.session_state["fx_filter_p"]
    change_filters(p_from=low, p_to=high)


def _follow(field: str, value: str, widget: Callable[..., object], *args: object, **kwargs: object) -> None:
    """Show a widget that holds a field of the filters, and puts a change into the address."""
    key = f"fx_filter_{field}"
    st.session_state[key] = value
    widget(*args, key=key, on_change=lambda: change_filters(**{field: st.session_state[key]}), **kwargs)
