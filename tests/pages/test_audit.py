"""The page Audit: what it says before, while and after an audit."""

from pathlib import Path

import pytest

from fracture_core.base.settings import get_settings
from tests.pages.conftest import Open, read_text
from tests.planted import write_planted

PAGE = "pages/4_Audit.py"


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_planted(tmp_path / "data" / "planted")
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()


def test_without_a_data_set_it_says_what_to_do(open_page: Open) -> None:
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert "No data set chosen" in read_text(page)
    assert page.selectbox(key="data").options == ["drawn", "phantoms"]


def test_audit_shows_verdict_findings_and_pictures_and_is_kept(open_page: Open, planted: None) -> None:
    page = open_page(PAGE, data="planted")
    assert "Not audited yet" in read_text(page)
    page.button(key="audit").click().run(timeout=120)
    assert not page.exception
    assert "Not usable as published" in page.error[0].value
    text = read_text(page)
    assert "with two labels" in text and "cut short" in text and "The published split" in text
    assert len(page.get("plotly_chart")) == 3  # copies, strata, leaks; too few groups for shortcuts
    assert "Detail agrees by" in text and "disputed.png" in text  # pairs beside each other
    assert [button.label for button in page.get("download_button")] == ["Report as JSON", "Groups as manifest.csv"]
    again = open_page(PAGE, data="planted")  # the address can be shared: the report is there at once
    assert "Not usable as published" in again.error[0].value
    assert again.button(key="audit").label == "Audit anew"


def test_unknown_data_set_is_no_error(open_page: Open) -> None:
    page = open_page(PAGE, data="nonesuch")
    assert not page.exception and not page.error
    assert "No data set chosen" in read_text(page)


def test_data_set_that_cannot_be_read_is_told(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "empty").mkdir(parents=True)
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    page = open_page(PAGE, data="empty")
    assert not page.exception
    assert "holds no images" in page.error[0].value
