"""The PACS on the page Diagnose, with a real archive: search, read a study, send what a report says back."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import get_settings
from fracture_core.records.worklist.read import list_worklists
from fracture_core.records.worklist.reader import wait_for
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow
from tests.orthanc import HOW_TO_INSTALL, PASSWORD, USER, Orthanc, is_installed, run_orthanc
from tests.pages.conftest import Open, read_text
from tests.pages.test_diagnose import PAGE, upload
from tests.unit.doors.pacs.conftest import draw_study
from tests.unit.doors.pacs.running import list_kinds


@pytest.fixture(scope="module")
def archive() -> Iterator[Orthanc]:
    if not is_installed():
        pytest.skip(HOW_TO_INSTALL)
    with run_orthanc() as orthanc:
        yield orthanc


@pytest.fixture
def orthanc(archive: Orthanc, folders: object, monkeypatch: pytest.MonkeyPatch) -> Orthanc:
    for name, value in (("URL", archive.url), ("USER", USER), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"FRACTURE_PACS_{name}", value)
    get_settings.cache_clear()
    monkeypatch.setattr("fracture_core.doors.pacs.client._FIRST_WAIT_MS", 1)  # a PACS that is away is soon asked again
    return archive


def search(page: AppTest, **values: str) -> AppTest:
    for name, value in values.items():
        page.text_input(key=f"pacs_{name}").set_value(value)
    return page.button(key="pacs_search").click().run()


def has_button(page: AppTest, key: str) -> bool:
    return any(button.key == key for button in page.button)


def test_without_a_pacs_nothing_is_offered(open_page: Open) -> None:
    page = open_page(PAGE)
    assert not has_button(page, "pacs_search")
    page = upload(page, ("ankle.dcm", draw_study().files[0], "application/dicom"))
    assert not page.exception and not has_button(page, "pacs_push")


def test_a_study_is_found_and_read(orthanc: Orthanc, open_page: Open) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    page = search(open_page(PAGE), accession=study.accession_number)
    assert not page.exception and f"P{study.accession_number}" in read_text(page)
    page = page.button(key="pacs_read_0").click().run()
    (worklist,) = list_worklists()
    wait_for(worklist.id, 60)
    page = page.run()
    assert not page.exception and page.query_params["worklist"] in (worklist.id, [worklist.id])
    assert "2 read" in read_text(page) and study.accession_number not in read_text(page)


def test_a_search_that_fails_says_why_and_the_page_goes_on(
    orthanc: Orthanc, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = search(open_page(PAGE))
    assert "Nothing is searched for" in page.error[0].value
    page = search(page, patient="P*")
    assert "searched for whole" in page.error[0].value.replace("\\", "")
    page = search(page, patient="nobody")
    assert not page.error and "no such study" in page.info[0].value
    monkeypatch.setenv("FRACTURE_PACS_PASSWORD", "wrong")
    get_settings.cache_clear()
    page = search(page, patient="nobody")
    assert "does not let us in" in page.error[0].value and not page.exception
    monkeypatch.setenv("FRACTURE_PACS_URL", "http://127.0.0.1:1/dicom-web")
    get_settings.cache_clear()
    page = search(page, patient="nobody")
    assert "cannot be reached" in page.error[0].value and not page.exception


def test_a_report_is_sent_back_once_somebody_is_named(orthanc: Orthanc, open_page: Open) -> None:
    study = draw_study()
    orthanc.store(study.files[0])
    page = upload(open_page(PAGE), ("ankle.dcm", study.files[0], "application/dicom"))
    assert page.button(key="pacs_push").disabled
    page = page.text_input(key="fx_who_field_push").set_value("Ada").run()
    for _ in range(2):
        page = page.button(key="pacs_push").click().run()
        assert not page.exception and not page.error
        assert any("PACS has the Secondary Capture" in each.value for each in page.success)
    assert list_kinds(orthanc, study.uid) == ["CR", "OT", "SR"]
    with reading_session() as session:
        assert [row.who for row in session.query(AuditLogRow).filter_by(action="push")] == ["Ada", "Ada"]


def test_an_archive_that_is_away_leaves_the_report_as_it_is(
    orthanc: Orthanc, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(open_page(PAGE), ("ankle.dcm", draw_study().files[0], "application/dicom"))
    page = page.text_input(key="fx_who_field_push").set_value("Ada").run()
    monkeypatch.setenv("FRACTURE_PACS_URL", "http://127.0.0.1:1/dicom-web")
    get_settings.cache_clear()
    page = page.button(key="pacs_push").click().run()
    assert "cannot be reached" in page.error[0].value and not page.success and not page.exception
