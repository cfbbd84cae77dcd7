"""Radiographs that one of two models calls rightly and the other wrongly, as small pictures."""

from pathlib import Path

import streamlit as st

from fracture_core.base import IntakeError
from fracture_core.datasets import Catalog, DatasetItem, find_catalog
from fracture_core.evaluation import Disputed, GateSide
from fracture_core.radiographs import load_thumbnail
from ui.shared.empty_states import show_no_images
from ui.shared.errors import escape_markdown

_TILES_A_PAGE = 8


def show_disputed(side: GateSide, key: str) -> None:
    """Offer both ways; pictures are read for the page of tiles that is looked at, and no others."""
    st.markdown("**Called rightly by one alone**")
    if not side.disputed:
        st.caption("Both call every one of these radiographs alike.")
        return
    ways = {
        f"{title} ({sum(item.candidate_is_right == is_right for item in side.disputed):,})": is_right
        for title, is_right in (("Candidate alone is right", True), ("Model in use alone is right", False))
    }
    chosen = st.segmented_control("Which", list(ways), key=f"gate_way_{key}", label_visibility="collapsed")
    if chosen is None:
        st.caption("Choose one to see its radiographs, those first on which the two differ most.")
        return
    shown = [item for item in side.disputed if item.candidate_is_right == ways[chosen]]
    items = _find_items(side.dataset, side.fingerprint, tuple(item.name for item in side.disputed))
    if items is None:
        show_no_images(side.dataset)
        _show_table(shown)
        return
    _show_tiles(shown, items, key)


def _show_tiles(shown: list[Disputed], items: dict[str, DatasetItem], key: str) -> None:
    if not shown:
        st.caption("There is none.")
        return
    page_count = -(-len(shown) // _TILES_A_PAGE)
    slot = st.container()
    page = st.pagination(page_count, key=f"gate_page_{key}") if page_count > 1 else 1
    first = (page - 1) * _TILES_A_PAGE
    with slot, st.grid(4, min_column_width=150, gap="small"):
        for number, disputed in enumerate(shown[first : first + _TILES_A_PAGE]):
            with st.container(border=True, key=f"fx_tile_gate_{key}_{number}", gap="xsmall", height="stretch"):
                _show_picture(disputed, items.get(disputed.name))
                st.markdown(f"**{disputed.text.capitalize()}**")
                st.caption(f"candidate p = {disputed.p_candidate:.2f}, in use p = {disputed.p_champion:.2f}")
                parts = (disputed.region, Path(disputed.name).name)
                st.caption(escape_markdown(", ".join(part for part in parts if part)))


def _show_picture(disputed: Disputed, item: DatasetItem | None) -> None:
    try:
        if item is None:
            st.caption("The file is no longer here.")
        else:
            st.image(load_thumbnail(item.path), width="stretch", alt=f"Radiograph {disputed.name}")
    except (IntakeError, OSError):
        st.caption("The picture cannot be read.")


def _show_table(shown: list[Disputed]) -> None:
    rows = [
        {
            "File": item.name,
            "Label": item.text,
            "Region": item.region or "",
            "p, candidate": item.p_candidate,
            "p, in use": item.p_champion,
        }
        for item in shown
    ]
    st.dataframe(rows, hide_index=True)


@st.cache_resource(ttl=60, max_entries=8, show_spinner="Looking for the images")
def _find_items(dataset: str, fingerprint: str, names: tuple[str, ...]) -> dict[str, DatasetItem] | None:
    catalog: Catalog | None = find_catalog(dataset, fingerprint, names)
    return {item.name: item for item in catalog.items} if catalog else None
