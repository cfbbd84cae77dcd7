"""Files handed in: one is read at once, several or a zip become a worklist."""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fracture_core.base import FractureError, get_settings
from fracture_core.datasets import is_zip_name
from fracture_core.networks import Checkpoint
from fracture_core.records import (
    Upload,
    create_from_uploads,
)
from ui.diagnose.address import open_worklist
from ui.shared.errors import show_problem
from ui.shared.progress import AuditProgress

_GENERATION = "fx_uploads"  # a new number empties the uploader


def collect_upload(checkpoint: Checkpoint) -> UploadedFile | None:
    """Take files; return the one radiograph that is to be read at once. Several, or a zip, become a worklist."""
    generation = int(st.session_state.get(_GENERATION, 0))
    files = st.file_uploader(
        "Radiographs: JPEG, PNG, TIFF or DICOM, one or many, or a zip of them",
        accept_multiple_files=True,  # any name goes: the content decides what a file is
        max_upload_size=get_settings().max_file_bytes // 1024**2,
        key=f"uploads_{generation}",
    )
    if len(files) == 1 and not is_zip_name(Path(files[0].name)):
        return files[0]
    if files:
        try:
            worklist_id = _create(files, checkpoint)
        except FractureError as error:
            show_problem(error)
            return None
        st.session_state[_GENERATION] = generation + 1
        open_worklist(worklist_id)
        st.rerun()
    days = get_settings().worklist_days
    st.caption(
        f"Several files, or a zip, become a worklist: copies of them are kept on this machine for {days} days, so that "
        "you can open each, and go when you delete the list. A single file is not kept."
    )
    return None


def _open(file: UploadedFile) -> BytesIO:
    return BytesIO(file.getvalue())


def _create(files: Sequence[UploadedFile], checkpoint: Checkpoint) -> str:
    uploads = [Upload(file.name, partial(_open, file), file.size) for file in files]
    with AuditProgress() as progress:
        return create_from_uploads(
            uploads, checkpoint, tell=lambda done, total: progress("Keeping the files", done, total)
        )
