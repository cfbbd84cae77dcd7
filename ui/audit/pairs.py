"""Copies side by side, drawn from the data set's own files as they are now."""

from pathlib import Path

import streamlit as st

from fracture_core.base import IntakeError
from fracture_core.datasets import LABELS, AuditCopyPair, AuditReport, Catalog, DatasetItem
from fracture_core.radiographs import read_radiograph_file
from ui.shared.errors import escape_markdown
from ui.shared.pictures import encode_png, shrink_radiograph

_PAIRS_A_PAGE = 4
_PICTURE_PX = 420


def show_pairs(report: AuditReport, catalog: Catalog) -> None:
    """Show one page of the pairs that pixels proved; those with two labels come first."""
    items = {item.name: item for item in catalog.items}
    page_count = -(-len(report.pairs) // _PAIRS_A_PAGE)
    slot = st.container()
    page = st.pagination(page_count, key="pairs_page") if page_count > 1 else 1
    first = (page - 1) * _PAIRS_A_PAGE
    with slot, st.grid(2, min_column_width=300, gap="small"):
        for number, pair in enumerate(report.pairs[first : first + _PAIRS_A_PAGE]):
            _show_pair(number, pair, items)


def _show_pair(number: int, pair: AuditCopyPair, items: dict[str, DatasetItem]) -> None:
    with st.container(border=True, key=f"fx_tile_pair_{number}", gap="xsmall"):
        turn = "laid down the same way" if pair.turn == "same" else f"the second {pair.turn}"
        labels = "" if pair.same_label else ", **two labels**"
        st.markdown(f"Detail agrees by {pair.agreement:.2f}, {turn}{labels}")
        for column, name in zip(st.columns(2, gap="small"), (pair.first, pair.second), strict=True):
            with column:
                _show_file(items.get(name), name)


def _show_file(item: DatasetItem | None, name: str) -> None:
    if item is None:
        st.caption("The file is no longer here.")
        return
    try:
        st.image(_read_picture(item.path, item.path.stat().st_mtime_ns), width="stretch", alt=f"Radiograph {name}")
    except (IntakeError, OSError):
        st.caption("The picture cannot be read.")
    st.caption(escape_markdown(f"{name}: {LABELS[item.label]}"))


@st.cache_data(max_entries=200, show_spinner=False)
def _read_picture(path: Path, modified_ns: int) -> bytes:
    return encode_png(shrink_radiograph(read_radiograph_file(path), _PICTURE_PX))
