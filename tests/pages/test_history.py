"""The page History: readings are kept once, listed, found by link, exported and deleted."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import streamlit as st
from sqlalchemy import select

from fracture_core.base.settings import get_settings
from fracture_core.reading.history.export import COLUMNS, write_readings_csv
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.pictures import find_picture
from fracture_core.reading.history.read import iterate_readings, list_readings
from fracture_core.reading.history.record import record_reading
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import AuditLogRow, ReadingRow
from tests.pages.conftest import Open, read_text
from tests.pages.test_diagnose import PNG, upload
from tests.unit.reading.history.test_record import NEW, REFUSED

PAGE, DIAGNOSE = "pages/5_History.py", "pages/1_Diagnose.py"


def list_all() -> list:
    return [*iterate_readings(HistoryFilters())]


def test_a_reading_of_the_page_is_kept_once_however_often_the_page_runs(open_page: Open) -> None:
    page = upload(open_page(DIAGNOSE), PNG)
    page.run().run()
    kept = list_all()
    assert len(kept) == 1 and not page.exception
    assert (kept[0].source, kept[0].source_type, kept[0].name) == ("page", "PNG", "")
    assert f"[This reading in the history](/History?reading={kept[0].id})" in read_text(page)


def test_two_uploads_of_one_file_are_two_readings(open_page: Open) -> None:
    for _ in range(2):
        upload(open_page(DIAGNOSE), PNG)
    first, second = list_all()
    assert first.sha256 == second.sha256 and first.id != second.id


def test_drawn_examples_are_nobodys_reading(open_page: Open) -> None:
    page = open_page(DIAGNOSE, example="1")
    assert not page.exception and not list_all()


def test_a_database_that_fails_hides_no_reading(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.base.errors import StoreError
    from fracture_core.reading import keeping as reading_record

    def fail(_new: object) -> None:
        raise StoreError("The database is away.", "See that it runs.")

    with monkeypatch.context() as broken:
        broken.setattr(reading_record, "record_reading", fail)
        page = upload(open_page(DIAGNOSE), PNG)
        assert not page.exception
        text = read_text(page)
        assert "not kept in the history" in text and "The database is away." in text and "p = " in text
    page.button(key="fx_keep_again").click().run()
    assert len(list_all()) == 1 and "not kept in the history" not in read_text(page)


def test_who_goes_elsewhere_while_the_card_is_drawn_has_seen_a_reading(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.reading import card as reading_card

    with monkeypatch.context() as left:
        left.setattr(reading_card, "_show_more", lambda *_: st.stop())
        page = upload(open_page(DIAGNOSE), PNG)
        assert "p = " in read_text(page) and len(list_all()) == 1
    page.run()
    assert len(list_all()) == 1 and not page.exception


def test_readings_are_shown_where_old_ones_cannot_be_removed(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.base.errors import StoreBusyError
    from ui.history import page as history_retention

    def fail(**_: object) -> int:
        raise StoreBusyError("The database is locked.", "Try again.")

    record_reading(NEW)
    monkeypatch.setenv("FRACTURE_HISTORY_DAYS", "30")
    get_settings.cache_clear()
    monkeypatch.setattr(history_retention, "remove_old_readings", fail)
    page = open_page(PAGE)
    assert "1 reading" in read_text(page) and not page.error and not page.exception


def test_an_empty_history_says_what_to_do(open_page: Open) -> None:
    page = open_page(PAGE)
    assert "No readings yet" in read_text(page) and not page.exception and not page.error


def test_readings_are_listed_newest_first_in_pages_that_links_name(open_page: Open) -> None:
    for number in range(60):
        record_reading(replace(NEW, who=f"Reader {number}"))
    page = open_page(PAGE)
    assert "60 readings" in read_text(page)
    table = page.dataframe[0].value
    assert list(table["Who"][:2]) == ["Reader 59", "Reader 58"] and len(table) == 50
    page.button(key="fx_history_Older").click().run()
    number = str(page.query_params["before"])
    assert list(page.dataframe[0].value["Who"]) == [f"Reader {each}" for each in range(9, -1, -1)]
    page = open_page(PAGE, before=number)
    assert list(page.dataframe[0].value["Who"]) == [f"Reader {each}" for each in range(9, -1, -1)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"search": "ada"}, 1),
        ({"who": "Bo"}, 1),
        ({"source": "API"}, 1),
        ({"refused": "yes"}, 1),
        ({"call": "negative"}, 0),
        ({"from_day": "2099-01-01"}, 0),
        ({"sha256": "b" * 64}, 3),
        ({"sha256": "c" * 64}, 0),
    ],
)
def test_the_address_filters(open_page: Open, query: dict[str, str], count: int) -> None:
    record_reading(NEW)
    record_reading(replace(NEW, who="Bo", source="API"))
    record_reading(replace(NEW, who="Cy", suitability=REFUSED))
    page = open_page(PAGE, **query)
    assert not page.exception and not page.error
    assert (len(page.dataframe[0].value) if page.dataframe else 0) == count


def test_an_address_that_cannot_be_is_told_calmly(open_page: Open) -> None:
    record_reading(NEW)
    page = open_page(PAGE, call="perhaps", from_day="soon", sha256="x", before="-1", who="a" * 400)
    assert not page.exception and not page.error and len(page.info) == 4
    page = open_page(PAGE, from_day="2026-02-02", to_day="2026-01-01")
    assert len(page.info) == 1 and len(page.dataframe[0].value) == 1
    page = open_page(PAGE, before="9" * 18, tab="nothing")
    assert not page.exception and len(page.dataframe[0].value) == 1


def test_a_refused_reading_shows_nothing_until_somebody_overrides(open_page: Open) -> None:
    kept = record_reading(replace(NEW, suitability=REFUSED))
    page = open_page(PAGE)
    assert list(page.dataframe[0].value["Call"]) == ["Refused"]
    page = open_page(PAGE, reading=kept.id)
    assert "p = " not in read_text(page) and "It shows a chest." in read_text(page)
    page.text_input(key="override_who").set_value("Ada")
    page.text_input(key="override_why").set_value("It is a hand")
    page.button(key="override").click().run()
    assert any(item.value == "p = 0.60" for item in page.markdown)
    assert "Read all the same by Ada\\: It is a hand" in read_text(page)


def test_one_reading_has_all_that_is_kept(open_page: Open) -> None:
    older, kept, newer = (record_reading(NEW) for _ in range(3))
    page = open_page(PAGE, reading=kept.id)
    text = read_text(page)
    assert not page.exception and not page.error
    assert kept.id in text and kept.sha256 in text and "It is dark." in text and "p = 0.60" in text
    assert "uncertain from 0.20 to 0.70" in text and "The picture is not kept" in text
    for label, beside in (("Newer", newer), ("Older", older)):
        page = open_page(PAGE, reading=kept.id)
        page.button(key=f"to_{label}").click().run()
        assert page.query_params["reading"] == beside.id


@pytest.mark.parametrize("reading_id", ["nothing", "../../etc/passwd", "a" * 5000, "\0"])
def test_a_reading_that_is_not_there_is_told(open_page: Open, reading_id: str) -> None:
    page = open_page(PAGE, reading=reading_id)
    assert not page.exception and "There is no such reading." in read_text(page)


def test_a_reading_is_deleted_with_a_reason(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "true")
    get_settings.cache_clear()
    page = upload(open_page(DIAGNOSE), PNG)
    [kept] = list_all()
    assert find_picture(kept.id)
    page = open_page(PAGE, reading=kept.id)
    assert not page.exception and "The picture is not kept" not in read_text(page)
    page.button(key="delete_reading").click().run()
    assert "Say who you are" in read_text(page) and list_all()
    page.text_input(key="delete_who").set_value("Ada")
    page.text_input(key="delete_why").set_value("A test picture")
    page.button(key="delete_reading").click().run()
    assert "has been deleted" in read_text(page) and not list_all() and not find_picture(kept.id)
    with reading_session() as session:
        last = session.scalars(select(AuditLogRow).order_by(AuditLogRow.number.desc()).limit(1)).one()
        assert (last.action, last.subject, last.who) == ("deletion", kept.id, "Ada")
        assert "A test picture" in last.details
    assert verify_audit_log().holds


@pytest.mark.parametrize("worklist_id", ["", "a" * 32])
def test_it_is_told_what_a_worklist_keeps_of_a_deleted_reading(open_page: Open, worklist_id: str) -> None:
    kept = record_reading(replace(NEW, worklist_id=worklist_id, item_number=1 if worklist_id else None))
    page = open_page(PAGE, reading=kept.id)
    assert not page.exception and ("Its worklist keeps the file" in read_text(page)) is bool(worklist_id)


def test_readings_whose_time_is_over_go_when_the_page_opens(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_HISTORY_DAYS", "30")
    get_settings.cache_clear()
    old, new = record_reading(NEW), record_reading(NEW)
    with writing_session() as session:
        row = session.scalars(select(ReadingRow).where(ReadingRow.id == old.id)).one()
        row.at = datetime.now(UTC) - timedelta(days=31)
    open_page(PAGE)
    assert [each.id for each in list_all()] == [new.id]


def test_the_audit_log_is_shown_and_verified(open_page: Open) -> None:
    record_reading(NEW)
    page = open_page(PAGE, tab="log")
    assert list(page.dataframe[0].value["Action"]) == ["reading"]
    page.button(key="fx_log_verify").click().run()
    assert "The log is whole: 1 entries" in page.success[0].value
    with writing_session() as session:
        session.scalars(select(AuditLogRow)).one().who = "Somebody"
    page.button(key="fx_log_verify").click().run()
    assert "broken at entry 1" in page.error[0].value
    assert "No entries" in read_text(open_page(PAGE, tab="log", action="promotion"))


def test_the_table_is_one_a_spreadsheet_runs_nothing_of() -> None:
    record_reading(replace(NEW, who="=1+1"))
    record_reading(replace(NEW, suitability=REFUSED))
    refused, plain = csv.DictReader("".join(write_readings_csv(iterate_readings(HistoryFilters()))).splitlines())
    assert tuple(plain) == COLUMNS and plain["who"] == "'=1+1" and plain["p_fracture"] == "0.600000"
    assert (refused["refused"], refused["call"], refused["p_fracture"]) == ("1", "", "")


def test_the_kept_picture_is_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.radiographs.intake.read import read_radiograph_file

    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "true")
    get_settings.cache_clear()
    pixels = np.linspace(0, 1, 600, dtype=np.float32).reshape(30, 20)
    kept = record_reading(replace(NEW, radiograph=replace(NEW.radiograph, pixels=pixels)))
    path = find_picture(kept.id)
    assert path and np.abs(read_radiograph_file(path).pixels - pixels).max() < 1e-4
    assert list_readings(HistoryFilters()).readings[0].id == kept.id
