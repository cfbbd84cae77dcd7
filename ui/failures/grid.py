"""The grid: one page of tiles; turning a page or ticking a tile redraws this part alone."""

from pathlib import Path

import streamlit as st

from fracture_core.failures import FailureEntries, FailureEntry
from ui.failures.actions import show_actions
from ui.failures.chosen import choose_on_page, list_chosen
from ui.failures.shown import Shown
from ui.failures.thumbnails import load_thumbnails
from ui.failures.tiles import Tile, show_tiles
from ui.shared.address import AGAINST, IMAGE, PAGE, get, go
from ui.shared.errors import show_errors

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
