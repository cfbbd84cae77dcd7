"""What holds for all pages: the frame, the empty state, errors as a person should meet them."""

import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import PROJECT_DIR, Settings, get_settings
from tests.pages.conftest import Open, read_text

PAGES = [
    "streamlit_app.py",
    "pages/1_Diagnose.py",
    "pages/2_Failures.py",
    "pages/3_Retrain.py",
    "pages/4_Audit.py",
    "pages/5_History.py",
]


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_on_its_own_with_the_frame(path: str, open_page: Open) -> None:
    page = open_page(path)
    text = read_text(page)
    assert not page.exception and not page.error
    assert "Supports, and does not replace, a qualified reader." in text
    assert "<b>tiny</b>" in text
    assert "not evaluated yet" in text


@pytest.mark.parametrize("path", PAGES)
def test_page_without_a_model_says_what_to_do(path: str, open_page: Open, no_checkpoint: None) -> None:
    page = open_page(path)
    assert not page.exception and not page.error
    assert "No model yet" in read_text(page)


def test_links_of_the_navigation_work_inside_the_app() -> None:
    page = AppTest.from_file(str(PROJECT_DIR / "streamlit_app.py"), default_timeout=60).run()
    for path in PAGES[1:]:
        page = page.switch_page(path).run()
        assert not page.exception
        assert page.title[0].value == path.split("_")[1].removesuffix(".py")
        assert [link.label for link in page.page_link][:5] == ["Home", "Diagnose", "Failures", "Retrain", "Audit"]


@pytest.mark.parametrize("path", PAGES)
def test_unexpected_error_shows_an_id_and_no_traceback(
    path: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("ui.shared.models.list_checkpoints", fail)
    page = open_page(path)
    assert not page.exception
    message = page.error[0].value
    assert "Something unexpected happened, id " in message
    assert "secret of the inside" not in read_text(page)
    incident_id = message.split("id ")[1].split(".")[0]
    log = get_settings().state_dir / "logs" / "fracture.log"
    assert not log.exists() or incident_id in log.read_text()


def test_unknown_model_falls_back_to_one_that_exists(open_page: Open) -> None:
    page = open_page("pages/1_Diagnose.py", model="nonesuch")
    assert not page.exception
    assert "<b>tiny</b>" in read_text(page)
    assert "nonesuch" in page.toast[0].value


def test_streamlit_accepts_files_as_large_as_the_settings_do() -> None:
    config = tomllib.loads((PROJECT_DIR / ".streamlit" / "config.toml").read_text())
    default_bytes = Settings.model_fields["max_file_bytes"].default
    assert config["server"]["maxUploadSize"] * 1024**2 == default_bytes
    assert config["browser"]["gatherUsageStats"] is False
