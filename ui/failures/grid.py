"""The grid: one page of tiles; turning a page or ticking a tile redraws this part alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

from fracture_core.failures import FailureEntries, FailureEntry
from ui.failures.export import offer_export
from ui.failures.hand_over import offer_hand_over
from ui.failures.review import show_review_form
from ui.failures.shown import Shown
from ui.failures.thumbnails import load_thumbnails
from ui.failures.tiles import Tile, show_tiles
from ui.shared.address import AGAINST, IMAGE, PAGE, get, go
from ui.shared.errors import show_errors
from ui.shared.evaluations import name_evaluation

TILES_A_PAGE = 24
_LONGEST_NUMBER = 9  # digits; Python refuses to read thousands of them
_PAGES_KEY = "fx_pages"
_CALLS = {"positive": "suspected", "uncertain": "uncertain", "negative": "not suspected"}
_KINDS = {"correct": "Called rightly", "missed fracture": "Missed fracture", "false alarm": "False alarm"}


@st.fragment
def show_grid(shown: Shown) -> None:
    """Show the page of the grid that the address names."""
    with show_errors("showing the grid"):
        entries, page = shown.entries, read_page(len(shown.entries))
        first = (page - 1) * TILES_A_PAGE
        on_page = entries[first : first + TILES_A_PAGE]
        show_actions(shown, on_page, _word_count(entries, first, len(on_page)))
        pictures = load_thumbnails(shown, on_page, then=entries[first + TILES_A_PAGE : first + 2 * TILES_A_PAGE])
        chosen = list_chosen(shown)
        tiles = [build_tile(shown, entry, *pictures[entry.shown.name], entry.shown.name in chosen) for entry in on_page]
        names = [entry.shown.name for entry in on_page]
        is_opened = show_tiles(
            tiles,
            key="fx_tiles",
            label="Radiographs",
            on_open=lambda name: go(**{IMAGE: name}),
            on_choose=lambda ticked: choose_on_page(shown, names, ticked),
        )
        _show_pages(len(entries), page)
    if is_opened:
        st.rerun()


def read_page(count: int) -> int:
    """Return the page that the address names, from 1; the nearest one where there is no such page."""
    asked = get(PAGE)[:_LONGEST_NUMBER]
    return min(int(asked), count_pages(count)) if asked.isdecimal() and int(asked) > 0 else 1


def count_pages(count: int) -> int:
    """Return the number of pages, at least 1."""
    return max(1, -(-count // TILES_A_PAGE))


def build_tile(shown: Shown, entry: FailureEntry, src: str | None, gone: str, chosen: bool | None) -> Tile:
    """Return the tile of a radiograph."""
    prediction = entry.shown
    title = _KINDS[prediction.kind]
    call = f"p = {prediction.p_fracture:.2f}" + (f", {_CALLS[prediction.call]}" if prediction.call else "")
    copies = f"{entry.n_files:,} copies, {entry.n_wrong:,} wrong" if entry.n_files > 1 else ""
    file = Path(prediction.name).name
    return Tile(
        name=prediction.name,
        src=src,
        gone=gone,
        title=title,
        tone="alert" if not prediction.correct else "unsure" if prediction.call == "uncertain" else "",
        call=call,
        lines=tuple(line for line in (copies, prediction.region or "", file) if line),
        marks=_list_marks(shown, entry),
        spoken=", ".join(part for part in (title, call, copies, prediction.region, file) if part),
        chosen=chosen,
    )


def _list_marks(shown: Shown, entry: FailureEntry) -> tuple[str, ...]:
    reviews = [review for file in entry.files if (review := shown.table.reviews.get(file.name))]
    changes = shown.table.changes.list_by_file() if shown.table.changes else {}
    marks: list[str] = [changes[entry.shown.name]] if entry.shown.name in changes and get(AGAINST) else []
    marks += ["label doubted"] if any(review.proposed_label is not None for review in reviews) else []
    marks += ["reviewed"] if reviews and all(review.reviewed for review in reviews) else []
    marks += [tag for review in reviews for tag in review.tags]
    return tuple(dict.fromkeys(marks))


def _word_count(entries: FailureEntries, first: int, count: int) -> str:
    files = entries.n_files
    what = "radiograph" if len(entries) == 1 else "radiographs"
    folded = f", {files:,} files" if files != len(entries) else ""
    return f"{first + 1:,} to {first + count:,} of **{len(entries):,}** {what}{folded}"


def _show_pages(count: int, page: int) -> None:
    pages = count_pages(count)
    if pages == 1:
        return
    key = _find_key(page)
    st.pagination(pages, key=key, default=page, on_change=_turn, args=(key,))


def _find_key(page: int) -> str:
    """Return the widget's key: another one where the address, as after the back button, names another page than it."""
    number = st.session_state.setdefault(_PAGES_KEY, 0)
    if st.session_state.get(f"{_PAGES_KEY}_{number}", page) != page:
        number += 1
        st.session_state[_PAGES_KEY] = number
    return f"{_PAGES_KEY}_{number}"


def _turn(key: str) -> None:
    page = st.session_state[key]
    go(**{PAGE: str(page) if page > 1 else None})


def show_actions(shown: Shown, on_page: Sequence[FailureEntry], count: str) -> None:
    """Show the row; ``count`` says what the grid holds."""
    chosen = list_chosen_entries(shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fx_actions"):
        st.markdown(count, width="content")
        names = [entry.shown.name for entry in on_page]
        if not list_chosen(shown).issuperset(names):
            st.button(
                "Select this page",
                icon=":material/select_all:",
                type="tertiary",
                key="fx_select_page",
                on_click=choose_on_page,
                args=(shown, names, names),
            )
        if chosen:
            st.button("Select none", type="tertiary", key="fx_select_none", on_click=clear_chosen, args=(shown,))
            with st.popover(f"With the {len(chosen):,} selected", icon=":material/edit:", type="primary"):
                _show_work(shown, chosen)
        offer_export(shown, chosen)


def _show_work(shown: Shown, chosen: list[FailureEntry]) -> None:
    names = [file.name for entry in chosen for file in entry.files]
    if len(names) > len(chosen):
        st.caption(f"{len(chosen):,} radiographs with their copies, {len(names):,} files")
    tags = dict.fromkeys(tag for name in names if name in shown.table.reviews for tag in shown.table.reviews[name].tags)
    known = [count.value for count in shown.facets.get("tags", [])]
    show_review_form(shown.evaluation.dataset, names, "fx_many", tags=tuple(tags), known_tags=known)
    st.divider()
    offer_hand_over(shown, names, "fx_many")


_KEY = "fx_chosen"


def list_chosen(shown: Shown) -> set[str]:
    """Return the names of the files whose tiles are ticked."""
    chosen: dict[str, set[str]] = st.session_state.setdefault(_KEY, {})
    return chosen.setdefault(_name(shown), set())


def list_chosen_entries(shown: Shown) -> list[FailureEntry]:
    """Return the radiographs that are ticked and still among those shown, in their order."""
    places = (shown.entries.find(name) for name in list_chosen(shown))
    return [shown.entries[place] for place in sorted({place for place in places if place is not None})]


def choose_on_page(shown: Shown, on_page: Iterable[str], ticked: Iterable[str]) -> None:
    """Take over which tiles of a page are ticked; other pages stay as they are."""
    chosen = list_chosen(shown)
    chosen.difference_update(on_page)
    chosen.update(ticked)


def clear_chosen(shown: Shown) -> None:
    """Untick all."""
    list_chosen(shown).clear()


def _name(shown: Shown) -> str:
    return f"{shown.checkpoint.name}|{name_evaluation(shown.evaluation)}"
