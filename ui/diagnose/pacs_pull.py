"""A study of the PACS into a worklist: search, look, read. What is found is kept for the session only."""

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.networks import Checkpoint
from ui.diagnose.address import open_worklist
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.progress import AuditProgress

_FOUND = "fx_pacs_found"


def offer_pacs(checkpoint: Checkpoint) -> None:
    """Let a person search the PACS and read a study; nothing where the settings name none."""
    if not get_settings().pacs_url:
        return
    with st.expander("From the PACS", icon=":material/lan:", expanded=_FOUND in st.session_state):
        with show_errors("asking the PACS"):
            _search()
        with show_errors("reading a study of the PACS"):
            _show_found(checkpoint)


def _search() -> None:
    from fracture_core.doors import StudyFilters, find_studies

    with st.form("pacs", border=False):
        first, second, third = st.columns(3)
        accession = first.text_input("Accession number", key="pacs_accession", max_chars=64)
        patient = second.text_input("Patient id", key="pacs_patient", max_chars=64)
        study = third.text_input("Study UID", key="pacs_study", max_chars=64)
        first, second, third = st.columns(3)
        date_from = first.date_input("From", None, key="pacs_from", format="YYYY-MM-DD")
        date_to = second.date_input("To", None, key="pacs_to", format="YYYY-MM-DD")
        modality = third.selectbox(
            "Kind", ["", "CR", "DX"], key="pacs_modality", format_func=lambda each: each or "any"
        )
        is_pressed = st.form_submit_button("Search", icon=":material/search:", key="pacs_search")
    if is_pressed:
        st.session_state.pop(_FOUND, None)
        filters = StudyFilters(study, accession, patient, date_from, date_to, modality)
        with st.spinner("Asking the PACS"):
            st.session_state[_FOUND] = find_studies(filters)


def _show_found(checkpoint: Checkpoint) -> None:
    found = st.session_state.get(_FOUND)
    if found is None:
        st.caption("Numbers are searched for whole. What you search for and find is not kept.")
        return
    from fracture_core.doors import MOST_STUDIES

    if not found:
        st.info("The PACS has no such study.", icon=":material/info:")
    for number, study in enumerate(found):
        with st.container(border=True, key=f"fx_study_{number}", gap="xsmall"):
            st.markdown(f"**{escape_markdown(study.patient_name or 'No name')}** {escape_markdown(study.patient_id)}")
            facts = [f"{study.on:%d %b %Y}" if study.on else "no date", " ".join(study.modalities), study.description]
            facts += [f"accession {study.accession_number}"] if study.accession_number else []
            facts += [f"{study.objects:,} object{'' if study.objects == 1 else 's'}"] if study.objects else []
            st.caption(escape_markdown(" · ".join(fact for fact in facts if fact)))
            if st.button("Read this study", key=f"pacs_read_{number}", icon=":material/play_arrow:"):
                _pull(study.uid, checkpoint)
    if len(found) == MOST_STUDIES:
        st.caption(f"Only the first {MOST_STUDIES} studies are shown. Search for less.")


def _pull(study_uid: str, checkpoint: Checkpoint) -> None:
    from fracture_core.doors import pull_study

    with AuditProgress() as progress:
        pulled = pull_study(study_uid, checkpoint, tell=lambda done, total: progress("Fetching", done, total))
    st.session_state.pop(_FOUND, None)
    open_worklist(pulled.worklist_id)
    st.rerun()
