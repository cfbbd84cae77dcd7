"""Feedback in a real browser: disagree with a note, restart the server, find it by its link, offer it to Retrain."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.server import run_server
from tests.browser.test_reading import CALL, upload

NOTE = "A line that is no break: an old scar, see 2019."


@pytest.fixture
def own_folders(folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Folders of a server that keeps pictures; the state is the test's own."""
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "1")
    return folders | {"state_dir": tmp_path / "state"}


def find_form(page: Page) -> Locator:
    wait_for_script(page)
    return page.locator("[class*='st-key-fx_feedback_']").first


def give_name(page: Page, name: str) -> None:
    field = find_form(page).get_by_label("Your name, kept with what you say")
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_text(f"As {name}")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.slow
def test_disagree_restart_find_again_and_offer_to_retrain(
    page: Page,
    own_folders: dict[str, Path],
    phantom_path: Path,
    tmp_path: Path,
    complaints: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with run_server(tmp_path / "first.log", own_folders) as url:
        open_page(page, f"{url}/Diagnose")
        upload(page, phantom_path)
        expect(page.get_by_test_id("stMarkdown").filter(has_text=CALL)).to_be_visible(timeout=WAIT_MS)
        give_name(page, "Ben Roe")
        form = find_form(page)
        form.locator("label").filter(has_text=re.compile(r"^(Disagree: |Not fractured)")).click()
        form.get_by_label("Note").fill(NOTE)
        form.get_by_role("button", name="Keep what I say").click()
        kept = form.get_by_test_id("stMarkdown").filter(has_text=NOTE)  # the field it is written in says so before
        expect(kept).to_be_visible(timeout=WAIT_MS)
        link = page.get_by_role("link", name="This reading in the history").get_attribute("href")
        page.wait_for_load_state("networkidle")  # what a toast is drawn with comes late
        page.goto("about:blank")
    query = parse_qs(urlsplit(link or "").query)
    [reading_id] = query["reading"]
    with run_server(tmp_path / "second.log", own_folders) as url:
        open_page(page, f"{url}/History?reading={reading_id}")
        expect(page.get_by_text("Another reader has judged this reading")).to_be_visible(timeout=WAIT_MS)
        expect(page.get_by_text(NOTE)).to_have_count(0)
        give_name(page, "ben roe")  # the same person, written in another way
        form = find_form(page)
        expect(form.get_by_text(NOTE).first).to_be_visible(timeout=WAIT_MS)
        form.get_by_role("button", name="Offer to Retrain").click()
        expect(page.get_by_text("1 is in the data set reviewed now")).to_be_visible(timeout=WAIT_MS)
        page.get_by_role("link", name="Train on them").click()
        page.wait_for_url(re.compile("data=reviewed"), timeout=WAIT_MS)
        expect(page.get_by_text("1 is there")).to_be_visible(timeout=WAIT_MS)
        expect(page.get_by_test_id("stMultiSelect").get_by_text("reviewed", exact=True)).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        open_page(page, f"{url}/History?tab=agreement")
        expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=WAIT_MS)
        expect(page.get_by_text("1 judged radiograph")).to_be_visible()
        assert measure_overflow_px(page) == 0
    assert complaints == []
    for name, path in own_folders.items():
        monkeypatch.setenv(f"FRACTURE_{name.upper()}", str(path))
    get_settings.cache_clear()
    assert main(["feedback", "list", reading_id, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    get_settings.cache_clear()
    assert (said["who"], said["note"], said["label"] in ("fractured", "not fractured")) == ("Ben Roe", NOTE, True)
