"""What was said of a reading, in words: each person's, what they come to, and the history."""

from collections.abc import Sequence

import streamlit as st

from fracture_core.datasets import LABELS
from fracture_core.records import Consensus, Feedback, decide_consensus, find_latest_feedback, name_person
from ui.shared.durations import word_moment
from ui.shared.errors import escape_markdown


def show_word(said: Feedback, *, is_own: bool = False) -> None:
    """Show one person's last word."""
    name, words = ("You", word_feedback(said, is_own=True)) if is_own else (said.who, word_feedback(said))
    lines = [f"**{escape_markdown(name)}**: {escape_markdown(words)}, :gray[:small[{word_moment(said.at)}]]"]
    lines += escape_markdown(said.note).splitlines()
    st.markdown("  \n".join(lines))


def word_feedback(said: Feedback, *, is_own: bool = False) -> str:
    """Return agreement, label and body part, such as ``disagrees, not fractured, ankle``."""
    verb = {True: "agree", False: "disagree", None: ""}[said.agrees]
    verb = f"{verb}s" if verb and not is_own else verb
    return ", ".join(part for part in (verb, LABELS[said.label], said.region) if part)


def word_consensus(consensus: Consensus) -> str:
    """Return what several readers come to, in a sentence."""
    readers = consensus.fractured + consensus.not_fractured
    if consensus.is_disputed:
        return (
            "Disputed: as many readers say fractured as not fractured. One more reader, or a change of mind, decides."
        )
    label = LABELS[consensus.label or 0]
    if consensus.is_divided:
        return f"Most readers say {label}: {max(consensus.fractured, consensus.not_fractured):,} of {readers:,}."
    return f"All {readers:,} readers say {label}." if readers > 1 else f"One reader says {label}."


def show_consensus(said: Sequence[Feedback]) -> None:
    """Show what the last words come to, where more than one person spoke."""
    last = find_latest_feedback(said)
    if len(last) > 1:
        st.markdown(word_consensus(decide_consensus(each.label for each in last)))


def show_history(key: str, said: Sequence[Feedback]) -> None:
    """Show all that was ever said, the newest first; earlier words of a person stay."""
    with st.expander(f"Who said what ({len(said):,})", icon=":material/history:", key=f"fx_feedback_said_{key}"):
        rows = [
            {"When (UTC)": f"{each.at:%Y-%m-%d %H:%M}", "Who": each.who, "What": word_feedback(each), "Note": each.note}
            for each in reversed(said)
        ]
        st.dataframe(rows, hide_index=True)


_KEY = "fx_feedback_seen"  # (reading, person); an empty person stands for whoever sat there before giving a name


def mark_seen(reading_id: str, who: str) -> None:
    """Keep that others' words are on the screen."""
    st.session_state.setdefault(_KEY, set()).add((reading_id, name_person(who)))


def has_seen(reading_id: str, who: str) -> bool:
    """Return whether others' words were on the screen before, for this person or for nobody known."""
    seen = st.session_state.get(_KEY, set())
    return (reading_id, name_person(who)) in seen or (reading_id, "") in seen
