"""Feedback on the pages: one's own word, a second reader who is not swayed, agreement, and the way to Retrain."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import get_settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.records.feedback.read import find_latest_feedback, read_feedback
from tests.feedback_world import REFUSED, judge, make_reading
from tests.pages.conftest import Open, read_text
from tests.pages.failure_world import find_button, has_button, is_calm
from tests.pages.test_diagnose import PNG, upload
from tests.tiny_world import encode_phantom

HISTORY, DIAGNOSE, RETRAIN = "pages/5_History.py", "pages/1_Diagnose.py", "pages/3_Retrain.py"


def find(elements: Any, key: str) -> Any:
    """Return the element whose key ends so."""
    return next(element for element in elements if (element.key or "").endswith(key))


def name_oneself(page: AppTest, name: str) -> AppTest:
    return next(field for field in page.text_input if "kept with what you say" in field.label).set_value(name).run()


def say(page: AppTest, record: ReadingRecord, label: int, *, note: str = "", region: str | None = None) -> AppTest:
    key = f"feedback_{record.id}"
    find(page.radio, f"{key}_label").set_value(label)
    find(page.text_area, f"{key}_note").set_value(note)
    if region:
        find(page.selectbox, f"{key}_region").set_value(region)
    return find_button(page, "Keep what I say").click().run()


def open_reading(open_page: Open, record: ReadingRecord) -> AppTest:
    return open_page(HISTORY, reading=record.id)


def test_a_person_disagrees_with_a_note_and_changes_his_mind(open_page: Open) -> None:
    record = make_reading("positive", region="ankle")
    page = open_reading(open_page, record)
    assert "Do you agree?" in read_text(page) and find_button(page, "Keep what I say").disabled
    assert find(page.radio, "_label").options == ["Agree: fractured", "Disagree: not fractured"]
    page = say(name_oneself(page, "Ben"), record, 0, note="An *old* scar.", region="heel")
    assert is_calm(page)
    text = read_text(page)
    assert "disagree, not fractured, heel" in text and "An \\*old\\* scar." in text
    page = say(page, record, 1)
    assert [each.label for each in read_feedback(record.id)] == [0, 1]
    assert [each.agrees for each in find_latest_feedback(read_feedback(record.id))] == [True]
    assert any("Who said what (2)" in expander.label for expander in page.expander)
    again = name_oneself(open_reading(open_page, record), "ben")  # another session, the next day
    assert "agree, fractured" in read_text(again)


def test_nothing_chosen_is_told(open_page: Open) -> None:
    record = make_reading("positive")
    page = name_oneself(open_reading(open_page, record), "Ben")
    page = find_button(page, "Keep what I say").click().run()
    assert "not said whether you agree" in page.error[0].value and not read_feedback(record.id)


def test_of_an_uncertain_call_a_reader_says_what_it_is(open_page: Open) -> None:
    record = make_reading("uncertain")
    page = name_oneself(open_reading(open_page, record), "Ben")
    assert "What do you see?" in read_text(page) and find(page.radio, "_label").options == [
        "Fractured",
        "Not fractured",
    ]
    assert is_calm(say(page, record, 1))
    assert (read_feedback(record.id)[0].agrees, read_feedback(record.id)[0].label) == (None, 1)


def test_a_second_reader_sees_the_first_ones_word_after_his_own(open_page: Open) -> None:
    record = make_reading("positive")
    judge(record, 0, "Ben", note="Nothing there.")
    page = name_oneself(open_reading(open_page, record), "Cy")
    assert "Another reader has judged this reading" in read_text(page)
    assert "Nothing there." not in read_text(page) and "Ben" not in read_text(page)
    page = say(page, record, 1)
    text = read_text(page)
    assert "Nothing there." in text and "Disputed" in text
    assert [each.saw_others for each in read_feedback(record.id)] == [False, False]
    say(page, record, 0)
    assert read_feedback(record.id)[-1].saw_others  # he changed his mind knowing


def test_who_has_it_shown_first_is_kept_as_swayed(open_page: Open) -> None:
    record = make_reading("positive")
    judge(record, 0, "Ben", note="Nothing there.")
    page = name_oneself(open_reading(open_page, record), "Cy")
    page = find_button(page, "Show it now").click().run()
    assert "Nothing there." in read_text(page)
    say(page, record, 0)
    assert read_feedback(record.id)[-1].saw_others


def test_a_refused_picture_has_no_form(open_page: Open) -> None:
    page = open_reading(open_page, make_reading("positive", suitability=REFUSED))
    assert "no reading to agree with" in read_text(page) and not has_button(page, "Keep what I say")


def test_on_diagnose_it_stands_under_the_reading(open_page: Open) -> None:
    page = name_oneself(upload(open_page(DIAGNOSE), PNG), "Ben")
    [record] = list_readings(HistoryFilters()).readings
    page = say(page, record, 1)
    assert is_calm(page) and read_feedback(record.id)[0].who == "Ben"
    assert "Its picture is not kept (the setting keep\\_pictures is off)" in read_text(page)


def test_the_tab_is_calm_while_nothing_is_judged(open_page: Open) -> None:
    page = open_page(HISTORY, tab="agreement")
    assert is_calm(page) and "Nothing judged yet" in read_text(page)


def test_agreement_is_shown_with_charts_and_the_list(open_page: Open) -> None:
    records = [make_reading("positive", region="ankle" if number % 2 else "wrist") for number in range(12)]
    for number, record in enumerate(records):
        judge(record, int(number > 2), "Ben", note="See 2019." if number == 0 else "")
        judge(record, 1, "Cy")
    page = open_page(HISTORY, tab="agreement")
    text = read_text(page)
    assert is_calm(page) and "12 judged radiographs" in text and "3 disputed" in text
    assert len(page.get("plotly_chart")) == 2 and "People choose which readings they judge" in text
    assert "Judged by Ben, Cy" in text and "See 2019" not in text
    find(page.selectbox, "agreement_figure").set_value("sensitivity")
    assert is_calm(page.button_group(key="agreement_over").set_value(["week"]).run())
    find(page.selectbox, "judged_kind_field").set_value("readers").run()
    assert page.query_params["judged_kind"] == "readers"
    text = read_text(page)
    assert "See 2019." in text and text.count("Disputed") == 3 and "3 judged readings" in text


def test_the_list_goes_on_where_it_ended(open_page: Open) -> None:
    for number in range(12):
        judge(make_reading("positive"), 0, f"Reader {number}")
    page = open_page(HISTORY, tab="agreement", judged_kind="model")
    assert "Reader 11\\: disagrees" in read_text(page) and "Reader 1\\: disagrees" not in read_text(page)
    page = find_button(page, "Older").click().run()
    assert "Reader 1\\: disagrees" in read_text(page) and "Reader 11\\: disagrees" not in read_text(page)
    page = find_button(page, "Newest").click().run()
    assert "Reader 11\\: disagrees" in read_text(page)


@pytest.mark.parametrize(
    "params", [{"judged_kind": "x"}, {"judged_start": "soon"}, {"judged_before": "x"}, {"judged_region": "\0"}]
)
def test_an_address_that_cannot_be_is_calm(open_page: Open, params: dict[str, str]) -> None:
    judge(make_reading("positive"), 0)
    page = open_page(HISTORY, tab="agreement", **params)
    assert is_calm(page)


def test_judged_readings_are_offered_to_retrain_and_found_there(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "1")
    get_settings.cache_clear()
    assert "There are none yet" in read_text(open_page(RETRAIN))
    first, second = (make_reading("positive", data=encode_phantom(number)) for number in (61, 62))
    judge(first, 1, "Ben")
    judge(first, 0, "Cy")
    page = say(name_oneself(open_reading(open_page, second), "Ben"), second, 0)
    assert "Retrain can learn from it" in read_text(page)
    page = name_oneself(open_page(HISTORY, tab="agreement"), "Ben")
    page = find_button(page, "Offer all 2 radiographs to Retrain").click().run()
    assert is_calm(page) and "1 is in the data set reviewed" in page.success[0].value
    assert "1 refused" in read_text(page) and "disputed" in read_text(page)
    page = open_reading(open_page, second)
    assert "It is in the data set reviewed" not in read_text(page)  # before one's own word is known
    page = name_oneself(page, "Ben")
    assert "It is in the data set reviewed" in read_text(page) and has_button(page, "Offer it again")
    page = open_page(RETRAIN, data="reviewed")
    assert find(page.multiselect, "data").value == ["reviewed"] and "1 is there" in read_text(page)


def test_home_and_the_tab_say_where_figures_drift(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.records.feedback.test_drift import invent_drift

    weights = find_checkpoint("tiny").manifest.weights_sha256
    judge(make_reading("negative", model_sha256=weights), 1)
    monkeypatch.setattr("ui.shared.agreement.find_drift", lambda _checkpoint: invent_drift())
    page = open_page("streamlit_app.py")
    assert is_calm(page) and any("right on 40% of those with a fracture" in info.value for info in page.info)
    page = open_page(HISTORY, tab="agreement")
    assert any("by chance" in info.value and "no verdict" in info.value for info in page.info)
