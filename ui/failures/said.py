"""What people said of one image, who and when, and the forms to say more."""

import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.evaluation import Prediction
from fracture_core.failures import Review, ReviewEvent, read_history
from ui.failures.hand_over import offer_hand_over
from ui.failures.review import show_note_form, show_review_form
from ui.failures.shown import Shown
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown, show_errors


def show_said(shown: Shown, prediction: Prediction) -> None:
    """Show the review of an image and of its copies, which are one radiograph and reviewed as one."""
    dataset, reviews = shown.evaluation.dataset, shown.table.reviews
    review = reviews.get(prediction.name, Review())
    names = _list_files(shown, prediction)
    st.markdown("**Review**" + (f", for all {len(names):,} copies" if len(names) > 1 else ""))
    for sentence in describe_review(review):
        st.markdown(escape_markdown(sentence))
    known = [count.value for count in shown.facets.get("tags", [])]
    show_review_form(dataset, names, "fx_one", labels=(1 - prediction.label,), tags=review.tags, known_tags=known)
    with st.expander(f"Notes ({len(review.notes):,})" if review.notes else "Notes", icon=":material/notes:"):
        for note in review.notes:
            st.markdown(escape_markdown(note.text))
            st.caption(escape_markdown(f"{note.who}, {word_moment(note.at)}"))
        show_note_form(dataset, prediction.name, "fx_one")
    history = st.expander("Who said what", icon=":material/history:", key="fx_history", on_change="rerun")
    if history.open:
        with history, show_errors("reading what was said"):
            _show_history(read_history(dataset, prediction.name))
    offer_hand_over(shown, names, "fx_one")


def describe_review(review: Review) -> list[str]:
    """Return what holds for a file, a sentence each."""
    sentences = []
    if review.proposed_label is not None:
        sentences.append(f"{review.proposed_by} holds the label for wrong: it is {LABELS[review.proposed_label]}.")
    if review.reviewed:
        sentences.append("Reviewed.")
    if review.last_at:
        sentences.append(f"Last word: {review.last_by}, {word_moment(review.last_at)}.")
    return sentences


def describe_event(event: ReviewEvent) -> str:
    """Return one event in words."""
    if event.kind == "label":
        return f"proposed {LABELS[int(event.value)]}" if event.value else "took the proposed label back"
    if event.kind == "reviewed":
        return "marked as reviewed" if event.value == "1" else "marked as not reviewed"
    words = {"tag": "tagged", "untag": "took the tag off:", "note": "noted:"}
    return f"{words[event.kind]} {event.value}"


def _list_files(shown: Shown, prediction: Prediction) -> list[str]:
    return [item.name for item in shown.evaluation.predictions if item.radiograph == prediction.radiograph]


def _show_history(events: list[ReviewEvent]) -> None:
    if not events:
        st.caption("Nothing was said of this image yet.")
        return
    rows = [
        {"When (UTC)": f"{event.at:%Y-%m-%d %H:%M}", "Who": event.who, "What": describe_event(event)}
        for event in reversed(events)
    ]
    st.dataframe(rows, hide_index=True)
