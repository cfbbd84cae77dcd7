"""The judged readings as a list: all, those that a reader or two readers disagree on; and on to Retrain."""

from dataclasses import replace

import streamlit as st

from fracture_core.base import FeedbackError
from fracture_core.datasets import LABELS
from fracture_core.networks import CALLS
from fracture_core.records import KINDS, FeedbackFilters, JudgedReading, list_judged
from ui.reading.feedback_hand_over import offer_to_retrain
from ui.reading.feedback_said import mark_seen, word_consensus, word_feedback
from ui.shared.agreement import count_and_list, measure
from ui.shared.calls import WORDS
from ui.shared.errors import escape_markdown
from ui.shared.frame import HISTORY, show_link
from ui.shared.person import ask_who, get_who

_PAGE = 10
_LEAD = "judged_"  # of the address parameters: others of the page are called alike
_BEFORE = f"{_LEAD}before"
_KIND_WORDS = {"all": "All judged", "model": "A reader disagrees", "readers": "Readers differ"}
_LONGEST_NOTE = 200


def show_judged() -> None:
    """Show the list with its filters and pages, and the way to Retrain."""
    st.markdown("**Judged readings**")
    filters = _read_filters()
    _show_filters(filters)
    count, ids = count_and_list(filters)
    page = list_judged(filters, before=_read_before(), limit=_PAGE)
    if not page.readings:
        st.caption("No judged reading is like that.")
    # Whoever asks for disagreements, or for a label, knows what was said.
    tells = filters.kind != "all" or bool(filters.label)
    shows_words = tells or st.toggle(
        "Show what readers said",
        key="judged_words",
        help="Left off, you can judge a reading as a second reader who is not swayed by the first one's word.",
    )
    chosen = [each.reading.id for each in page.readings if _show_row(each, shows_words)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if _read_before() is not None:
            st.button("Newest", icon=":material/first_page:", key="judged_first", on_click=_go, args=(_BEFORE, ""))
        if page.older is not None:
            st.button(
                "Older",
                icon=":material/chevron_right:",
                key="judged_older",
                on_click=_go,
                args=(_BEFORE, str(page.older)),
            )
        st.caption(f"{count:,} judged {'reading' if count == 1 else 'readings'}", width="content")
    if page.readings:
        _offer(chosen, ids)


def _offer(chosen: list[str], ids: list[str]) -> None:
    st.markdown("**Train on them**")
    st.caption(
        "Their pictures become radiographs of the data set reviewed of the page Retrain. Only pictures that the "
        "settings let this app keep can go; copies of test radiographs never do. There they stay, also when the "
        "history's time is over, unless the reading is deleted or taken back before (see docs/administrator.md)."
    )
    ask_who("judged")
    if chosen:
        offer_to_retrain(chosen, "judged", f"Offer the {len(chosen):,} chosen to Retrain")
    else:
        offer_to_retrain(ids, "judged", f"Offer all {len(ids):,} radiographs to Retrain")


def _show_row(judged: JudgedReading, shows_words: bool) -> bool:
    """Show one reading and its readers, with their words where asked for; return whether it is chosen."""
    record = judged.reading
    with st.container(border=True, key=f"fx_card_judged_{record.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            is_chosen = st.checkbox(
                "Choose", key=f"judged_choose_{record.id}", label_visibility="collapsed", width="content"
            )
            show_link(HISTORY, _word_reading(judged), query_params={"reading": record.id})
        if not shows_words:
            names = ", ".join(each.who for each in judged.said)
            st.caption(escape_markdown(f"Judged by {names}"))
            return is_chosen
        mark_seen(record.id, get_who())
        for each in judged.said:
            note = each.note if len(each.note) <= _LONGEST_NOTE else f"{each.note[:_LONGEST_NOTE]}…"
            words = f"{each.who}: {word_feedback(each)}" + (f". “{' '.join(note.split())}”" if note else "")
            st.markdown(escape_markdown(words))
        if len(judged.said) > 1:
            st.caption(word_consensus(judged.consensus))
    return is_chosen


def _word_reading(judged: JudgedReading) -> str:
    record = judged.reading
    call = WORDS[record.call] if record.shown_call else "Refused"
    return f"{call}, {judged.region}, {record.at.day} {record.at:%B %Y}"


def _show_filters(filters: FeedbackFilters) -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        _offer_choice("kind", "Show", list(KINDS), filters.kind, _KIND_WORDS)
        _offer_choice("call", "Call", ["", *CALLS], filters.call, {"": "any call"} | WORDS)
        labels = {label: f"{label}" for label in (*LABELS, "disputed")}
        _offer_choice("label", "Readers say", ["", *labels], filters.label, {"": "anything"} | labels)
        regions = [row.key for row in measure("region")]
        if filters.region and filters.region not in regions:
            regions.append(filters.region)
        _offer_choice("region", "Body part", ["", *regions], filters.region, {"": "any"})


def _offer_choice(name: str, title: str, options: list[str], present: str, words: dict[str, str]) -> None:
    key = f"{_LEAD}{name}_field"
    st.session_state[key] = present  # the address decides
    st.selectbox(
        title,
        options,
        key=key,
        format_func=lambda value: words.get(value, value),
        on_change=lambda: _go(f"{_LEAD}{name}", st.session_state[key]),
    )


def _go(name: str, value: str) -> None:
    """Change a parameter of the address; another filter begins at the newest."""
    params = st.query_params.to_dict() | {name: value}
    if name != _BEFORE:
        params.pop(_BEFORE, None)
    st.query_params.from_dict({key: text for key, text in params.items() if text})


def _read_filters() -> FeedbackFilters:
    """Return the filters of the address; one that cannot be is left out."""
    params = {name.removeprefix(_LEAD): text for name, text in st.query_params.items() if name.startswith(_LEAD)}
    filters = FeedbackFilters()
    for name, text in params.items():
        try:
            one = FeedbackFilters.from_params({name: text})
        except FeedbackError as error:
            st.info(escape_markdown(f"{error.problem} It is left out. {error.remedy}"), icon=":material/info:")
            continue
        if hasattr(one, name):
            filters = replace(filters, **{name: getattr(one, name)})
    return filters


def _read_before() -> int | None:
    text = st.query_params.get(_BEFORE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
