"""Ways into the reading room: files handed in, a folder or zip of this machine, and the worklists there are."""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fracture_core.base import FractureError, WorklistError, get_settings
from fracture_core.datasets import is_zip_name
from fracture_core.networks import Checkpoint
from fracture_core.records import (
    Upload,
    Worklist,
    check_worklist_folder,
    create_from_path,
    create_from_uploads,
    delete_worklist,
    list_worklist_folders,
    list_worklists,
)
from ui.diagnose.address import open_worklist
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown, show_errors, show_problem
from ui.shared.progress import AuditProgress

_GENERATION = "fx_uploads"  # a new number empties the uploader
_RECENT = 8


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


def offer_folder(checkpoint: Checkpoint) -> None:
    """Let a folder or zip of this machine become a worklist."""
    allowed = list_worklist_folders()
    if not allowed:
        return
    with st.expander("Read a folder or a zip of this machine", icon=":material/folder_open:"):
        with st.form("folder", border=False):
            named = st.selectbox(
                "Folder or zip",
                _list_choices(allowed),
                index=None,
                accept_new_options=True,
                key="folder_named",
                placeholder="Choose, or type a path below them",
            )
            is_pressed = st.form_submit_button("Read it", icon=":material/play_arrow:", key="folder_read")
        st.caption("A folder's files stay where they are.")
        if is_pressed:
            with show_errors("making a worklist"):
                if not named:
                    raise WorklistError("No folder is named.", "Choose one.")
                path = check_worklist_folder(named)
                with AuditProgress() as progress:
                    worklist_id = create_from_path(
                        path, checkpoint, tell=lambda done, total: progress("Unpacking", done, total)
                    )
                open_worklist(worklist_id)
                st.rerun()


def _list_choices(allowed: Sequence[Path]) -> list[str]:
    found = [
        path
        for folder in allowed
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and (path.is_dir() or is_zip_name(path))
    ]
    return [path.name if len(allowed) == 1 else str(path) for path in found]


def show_recent() -> None:
    """List the worklists there are, the newest first, each to open or to delete."""
    worklists = list_worklists(_RECENT + 1)
    if not worklists:
        return
    st.subheader("Worklists", anchor=False)
    shown = list_worklists() if st.session_state.get("all_worklists") else worklists[:_RECENT]
    for worklist in shown:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"fx_recent_{worklist.id}"):
            st.button(
                escape_markdown(worklist.title),
                key=f"open_{worklist.id}",
                icon=":material/list:",
                type="tertiary",
                on_click=open_worklist,
                args=(worklist.id,),
            )
            st.caption(f"{word_progress(worklist)} · {word_moment(worklist.created_at)}", width="stretch")
            _offer_delete(worklist)
    if len(worklists) > _RECENT and not st.session_state.get("all_worklists"):
        st.button("Show all", key="more_worklists", on_click=_show_all)


def _show_all() -> None:
    st.session_state["all_worklists"] = True


def _offer_delete(worklist: Worklist) -> None:
    with st.popover("", icon=":material/delete:", help=f"Delete {worklist.title}", type="tertiary"):
        st.markdown("Delete this list, what was read, and the copies of its files?")
        st.button("Delete", key=f"delete_{worklist.id}", type="primary", on_click=_delete, args=(worklist.id,))


def _delete(worklist_id: str) -> None:
    try:
        delete_worklist(worklist_id)
    except WorklistError as error:  # somebody else was faster
        st.toast(escape_markdown(error.problem), icon=":material/info:")


def word_progress(worklist: Worklist) -> str:
    """Return how far a worklist is, in words."""
    progress = worklist.progress
    parts = [f"{progress.done:,} read"]
    parts += [f"{progress.failed:,} could not be read"] if progress.failed else []
    parts += [f"{progress.waiting:,} to go"] if progress.waiting else []
    parts += ["stopped"] if worklist.stopped and progress.waiting else []
    return ", ".join(parts)
