"""Small pictures for the page: made side by side where they are missing, those of the next page ahead of time."""

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import streamlit as st

from fracture_core.base import IntakeError
from fracture_core.datasets import DatasetItem
from fracture_core.failures import FailureEntry
from fracture_core.radiographs import find_thumbnail, load_thumbnail
from ui.failures.shown import Shown

_ABSENT = "The picture is not on this machine."
_UNREADABLE = "The picture cannot be read."
_GONE = "The file is no longer here."
_THREADS = 2


def load_thumbnails(
    shown: Shown, entries: Sequence[FailureEntry], then: Sequence[FailureEntry] = ()
) -> dict[str, tuple[str | None, str]]:
    """Return, by file name, a picture as data URI, or None and why there is none.

    Args:
        then: what is likely looked at next; made in the background.
    """
    items = {entry.shown.name: shown.find_item(entry.shown) for entry in entries}
    pictures = dict(zip(items, _get_pool("now").map(_load, items.values()), strict=True))
    for entry in then:
        if item := shown.find_item(entry.shown):
            _get_pool("ahead").submit(_make, item.path)
    return pictures


def load_path(path: Path | None) -> tuple[str | None, str]:
    """Return one file's picture as data URI, or None and why there is none."""
    if path is None:
        return None, _ABSENT
    if not path.is_file():
        return None, _GONE
    try:
        data = load_thumbnail(path)
    except (IntakeError, OSError):
        return None, _UNREADABLE
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}", ""


def _load(item: DatasetItem | None) -> tuple[str | None, str]:
    return load_path(item.path if item else None)


def _make(path: Path) -> None:
    with suppress(IntakeError, OSError):  # told when its tile is shown
        find_thumbnail(path)


@st.cache_resource(show_spinner=False)
def _get_pool(name: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS if name == "now" else 1, thread_name_prefix=f"thumbnails_{name}")
