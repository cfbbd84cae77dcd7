"""The filtered view as files: a table, and a zip with images and heatmaps, made when it is asked for."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.failures import ExportedFailures, FailureEntry, build_failures_csv, write_failures_zip
from ui.failures.shown import Shown
from ui.reading.opened import get_predictor
from ui.shared.errors import show_errors
from ui.shared.exports import Content, logged
from ui.shared.progress import AuditProgress

_KEY = "fx_zip"
_KEPT_S = 24 * 3600.0  # a zip lies on the disk for so long, then the next one removes it


@dataclass(frozen=True)
class _Zip:
    """A zip that is ready, and the view that it holds."""

    view: str
    path: Path
    exported: ExportedFailures


def offer_export(shown: Shown, chosen: Sequence[FailureEntry]) -> None:
    """Show what can be downloaded: what is ticked, else all that the filters leave."""
    entries = chosen or shown.entries
    with st.popover("Export", icon=":material/download:"):
        st.caption(f"{len(entries):,} radiographs: {'those selected' if chosen else 'all that the filters leave'}")
        st.download_button(
            "Table (CSV)",
            _logged(shown, entries, lambda: build_failures_csv(shown.table, entries)),
            file_name=_name_file(shown, "csv"),
            mime="text/csv",
            icon=":material/table_rows:",
            key="fx_csv",
            on_click="ignore",
        )
        ticked = "|".join(entry.shown.name for entry in chosen)
        _offer_zip(shown, entries, f"{shown.identity}|{shown.filters.model_dump_json()}|{ticked}")


def _offer_zip(shown: Shown, entries: Sequence[FailureEntry], view: str) -> None:
    if st.button(
        "Prepare a zip with images and heatmaps",
        icon=":material/folder_zip:",
        key="fx_zip_make",
        help="Pictures are made anew from pixels: nothing of a file's header goes out.",
    ):
        with show_errors("preparing a zip"):
            st.session_state[_KEY] = _make_zip(shown, entries, view)
    ready: _Zip | None = st.session_state.get(_KEY)
    if ready and ready.view == view and ready.path.is_file():
        size_mb = ready.path.stat().st_size / 1e6
        st.download_button(
            f"Download the zip ({size_mb:,.1f} MB)",
            _logged(shown, entries, lambda: ready.path.open("rb"), pictures=True),
            file_name=_name_file(shown, "zip"),
            mime="application/zip",
            type="primary",
            icon=":material/download:",
            key="fx_zip_get",
            on_click="ignore",
        )
        missing = (
            f" {len(ready.exported.missing):,} have no picture; the table in it says why."
            if ready.exported.missing
            else ""
        )
        st.caption(f"{ready.exported.images:,} images, {ready.exported.heatmaps:,} heatmaps.{missing}")


def _logged(
    shown: Shown, entries: Sequence[FailureEntry], build: Callable[[], Content], *, pictures: bool = False
) -> Callable[[], Content]:
    of = {"dataset": shown.evaluation.dataset, "split": shown.evaluation.split}
    return logged(shown.checkpoint.name, build, what="failures", pictures=pictures, radiographs=len(entries), **of)


def _make_zip(shown: Shown, entries: Sequence[FailureEntry], view: str) -> _Zip:
    folder = get_settings().state_dir / "exports"
    _remove_old(folder)
    path = folder / f"{uuid4().hex}.zip"
    with AuditProgress() as progress:
        exported = write_failures_zip(
            path,
            shown.table,
            entries,
            checkpoint=shown.checkpoint,
            catalog=shown.catalog,
            filters=shown.filters,
            predictor=get_predictor(shown.checkpoint) if shown.catalog else None,
            progress=lambda done, total: progress("Writing images and heatmaps", done, total),
        )
    return _Zip(view, path, exported)


def _remove_old(folder: Path) -> None:
    for path in folder.glob("*.zip"):
        if time.time() - path.stat().st_mtime > _KEPT_S:
            path.unlink(missing_ok=True)


def _name_file(shown: Shown, suffix: str) -> str:
    parts = (shown.checkpoint.name, shown.evaluation.dataset, shown.evaluation.split)
    return f"failures-{'-'.join(parts)}.{suffix}".replace(" ", "-")
