"""The data of a new training: known by name, a folder, or a zip handed in."""

import streamlit as st

from fracture_core.base import DatasetError, get_settings
from fracture_core.datasets import (
    PHANTOM_DATASET,
    REVIEWED_DATASET,
    has_reviewed,
    keep_uploaded_zip,
    list_datasets,
    open_dataset,
)
from ui.shared.errors import escape_markdown, show_problem
from ui.shared.progress import AuditProgress

_KEPT_KEY = "fx_kept_uploads"
_LAYOUTS = 'A folder with the sub-folders "fractured" and "not fractured", a manifest.csv, or FracAtlas.'


def collect_data() -> tuple[str, ...]:
    """Show the fields; return data sets by name or path, none while nothing is chosen."""
    with st.grid(2, min_column_width=260, gap="small"):
        names = st.multiselect(
            "Data",
            list_datasets(),
            default=_choose_first(),
            key="data",
            help="Data sets found in the data folder, and the drawn phantoms. Several are trained on together; "
            "the first is the one that each epoch is measured on.",
        )
        folder = st.text_input(
            "Another folder on this machine", key="folder", placeholder="/path/to/data set", help=_LAYOUTS
        ).strip()
    uploaded = _collect_upload()
    st.caption(_word_reviewed())
    return tuple(name for name in (*names, folder, uploaded) if name)


def _word_reviewed() -> str:
    """Return what the data set ``reviewed`` is, and how it grows."""
    what = "Radiographs reviewed in this app are a data set of their own, called reviewed"
    how = "“Train on these next”, on the page Failures, and “Offer to Retrain”, on the page History, put them there."
    if not has_reviewed():
        return f"{what}. There are none yet: {how}"
    count = len(open_dataset(REVIEWED_DATASET).items)
    return f"{what}, with the labels that readers gave: {count:,} {'is' if count == 1 else 'are'} there. {how}"


def _choose_first() -> list[str]:
    """Return the data set that the address names, as a link of the page Failures does, or the phantoms."""
    asked = st.query_params.get("data")
    return [asked] if asked in list_datasets() else [PHANTOM_DATASET]


def _collect_upload() -> str:
    """Return the path of the zip handed in, kept; empty while there is none that can be used."""
    upload = st.file_uploader(
        "Or a zip with a data set",
        type="zip",
        key="upload",
        help=f"{_LAYOUTS} For a larger one, put it into {get_settings().data_dir} or give its path above.",
    )
    if upload is None:
        return ""
    kept: dict[str, str | DatasetError] = st.session_state.setdefault(_KEPT_KEY, {})
    if upload.file_id not in kept:
        with AuditProgress() as progress:
            try:
                path = keep_uploaded_zip(
                    upload, upload.name, progress=lambda done, total: progress("Unpacking", done, total)
                )
                kept[upload.file_id] = str(path)
            except DatasetError as error:
                kept[upload.file_id] = error
    outcome = kept[upload.file_id]
    if isinstance(outcome, DatasetError):
        show_problem(outcome)
        return ""
    st.caption(escape_markdown(f"{upload.name} is kept on this machine as {outcome}."))
    return outcome
