"""What readers say of one reading: agree or disagree, with label, body part and note; a second reader is not swayed."""

from pathlib import Path

import streamlit as st

from fracture_core.base import get_settings
from fracture_core.datasets import LABELS
from fracture_core.failures import LONGEST_NOTE
from fracture_core.radiographs import list_known_body_parts
from fracture_core.reading import ReadingRecord
from fracture_core.records import (
    LONGEST_REGION,
    Feedback,
    find_called_label,
    find_latest_feedback,
    give_feedback,
    name_person,
    read_feedback,
)
from ui.reading.feedback_hand_over import offer_to_retrain
from ui.reading.feedback_said import has_seen, mark_seen, show_consensus, show_history, show_word
from ui.shared.errors import show_errors
from ui.shared.person import ask_who


def show_feedback(record: ReadingRecord, picture: Path | None) -> None:
    """Show what was said of a reading, and the form to say it; others' words only once one's own is said.

    Args:
        picture: where its pixels are kept; None where they are not.
    """
    if record.is_refused:
        st.caption("The picture was refused, so that there is no reading to agree with.")
        return
    with show_errors("showing what is said of a reading"), st.container(key=f"fx_feedback_{record.id}", gap="small"):
        said = read_feedback(record.id)
        st.markdown("**What do you see?**" if record.call == "uncertain" else "**Do you agree?**")
        who = ask_who(f"feedback_{record.id}")
        own = next((each for each in find_latest_feedback(said) if who and each.person == name_person(who)), None)
        others = [each for each in find_latest_feedback(said) if each is not own]
        if own:
            show_word(own, is_own=True)
        shows_others = _show_others(record, who, own, others)
        if own:
            with st.expander("Change what you said", icon=":material/edit:"):
                _show_form(record, who, own)
        else:
            _show_form(record, who, None)
        if said and (own or shows_others):
            show_consensus(said)
            show_history(record.id, said)
        _show_picture_note(record, picture, is_judged=bool(own or shows_others))


def _show_others(record: ReadingRecord, who: str, own: Feedback | None, others: list[Feedback]) -> bool:
    """Show what others said, or that they did; return whether their words are shown."""
    if not others:
        return False
    if own is None and not has_seen(record.id, who):
        count = len(others)
        readers = "Another reader has" if count == 1 else f"{count:,} other readers have"
        st.caption(
            f"{readers} judged this reading. What they said is shown once you have said what you see, so that it does "
            "not sway you."
        )
        st.button(
            "Show it now",
            type="tertiary",
            icon=":material/visibility:",
            key=f"feedback_show_{record.id}",
            on_click=mark_seen,
            args=(record.id, who),
        )
        return False
    mark_seen(record.id, who)
    for each in others:
        show_word(each)
    return True


def _show_form(record: ReadingRecord, who: str, own: Feedback | None) -> None:
    called, key = find_called_label(record.call), f"feedback_{record.id}"
    options = [1, 0] if called is None else [called, 1 - called]
    known = list_known_body_parts()
    regions = [own.region, *known] if own and own.region and own.region not in known else known
    with st.form(f"{key}_form", border=False):
        label = st.radio(
            "What you see",
            options,
            index=options.index(own.label) if own else None,
            horizontal=True,
            key=f"{key}_label",
            format_func=lambda label: _word_option(called, label),
            label_visibility="collapsed",
        )
        part, remark = st.columns([1, 2], gap="small")
        region = part.selectbox(
            "Body part",
            regions,
            index=regions.index(own.region) if own and own.region else None,
            key=f"{key}_region",
            accept_new_options=True,
            placeholder=_word_region(record),
        )
        note = remark.text_area(
            "Note",
            own.note if own else "",
            key=f"{key}_note",
            max_chars=LONGEST_NOTE,
            height=68,
            placeholder="where it is, what else is to be seen; no names of patients",
        )
        pressed = st.form_submit_button(
            "Keep what I say", key=f"{key}_keep", icon=":material/rate_review:", disabled=not who
        )
    if pressed:
        with show_errors("keeping feedback"):
            give_feedback(
                record.id,
                who=who,
                agrees=None if called is None or label is None else label == called,
                label=label,
                region=(region or "")[: LONGEST_REGION + 1],
                note=note,
                saw_others=has_seen(record.id, who),
            )
            st.toast("Kept.", icon=":material/check:")
            st.rerun()


def _word_option(called: int | None, label: int) -> str:
    word = LABELS[label]
    if called is None:
        return word.capitalize()
    return f"{'Agree' if label == called else 'Disagree'}: {word}"


def _word_region(record: ReadingRecord) -> str:
    return f"{record.region}, unless you say otherwise" if record.region else "choose, or write your own"


def _show_picture_note(record: ReadingRecord, picture: Path | None, *, is_judged: bool) -> None:
    if picture is None:
        why = (
            "it was read before pictures were kept, or it was removed"
            if get_settings().keep_pictures
            else "the setting keep\\_pictures is off"
        )
        st.caption(f"Its picture is not kept ({why}), so that Retrain cannot learn from it.")
    elif is_judged:
        st.caption("Its picture is kept without the file's header, so that Retrain can learn from it.")
        offer_to_retrain([record.id], f"one_{record.id}")
