"""A page of tiles as one element, so that a page of the gallery is sent and drawn at once."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_draw = st.components.v2.component(
    "fracture.gallery_tiles",
    html="<ul></ul>",
    css=(_HERE / "tiles.css").read_text(encoding="utf-8"),
    js=(_HERE / "tiles.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Tile:
    """One radiograph.

    Attributes:
        name: what a click and a tick give back.
        src: the picture as a data URI; None where there is none, which ``gone`` explains.
        title, call, lines, marks: text from top to bottom.
        tone: "alert", "unsure" or empty, the colour of the title.
        spoken: the whole tile in words, for a screen reader.
        chosen: whether it is ticked; None where it cannot be.
    """

    name: str
    src: str | None
    gone: str
    title: str
    tone: str
    call: str
    lines: tuple[str, ...]
    marks: tuple[str, ...]
    spoken: str
    chosen: bool | None = None


def show_tiles(
    tiles: Sequence[Tile],
    *,
    key: str,
    label: str,
    on_open: Callable[[str], None],
    on_choose: Callable[[list[str]], None] | None = None,
) -> bool:
    """Show tiles; return whether one was clicked in this very run.

    Args:
        label: what they are, for a screen reader.
        on_open: called with the name of the tile clicked, before the script runs.
        on_choose: called with the names of all tiles that are ticked.
    """

    def follow_click() -> None:
        if name := st.session_state[key].opened:
            on_open(name)

    def follow_ticks() -> None:
        if on_choose:
            on_choose(list(st.session_state[key].chosen or []))

    result = _draw(
        data={"label": label, "tiles": [asdict(tile) for tile in tiles]},
        key=key,
        on_opened_change=follow_click,
        on_chosen_change=follow_ticks,
    )
    return bool(result.opened)
