"""Other ways into the reading room: a folder or zip of this machine, and the worklists there are."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fracture_core.base import WorklistError
from fracture_core.datasets import is_zip_name
from fracture_core.networks import Checkpoint
from fracture_core.records import (
    Worklist,
    check_worklist_folder,
    create_from_path,
    delete_worklist,
    list_worklist_folders,
    list_worklists,
)
from ui.diagnose.address import open_worklist
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.progress import AuditProgress

_RECENT = 8


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
