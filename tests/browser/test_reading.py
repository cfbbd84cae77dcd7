"""Uploading a radiograph and looking at what the network makes of it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script

CALL = re.compile(r"^(Fracture suspected|Uncertain – look closely|No fracture suspected)$")


def upload(page: Page, *paths: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths)


def test_uploaded_radiograph_shows_call_probability_and_heatmap(
    page: Page, url: str, phantom_path: Path, complaints: list[str]
) -> None:
    open_page(page, f"{url}/Diagnose")
    upload(page, phantom_path)
    expect(page.get_by_test_id("stMarkdown").filter(has_text=CALL)).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text(re.compile(r"^p = \d\.\d\d$"))).to_be_visible()
    picture = page.get_by_role("img", name="Radiograph wrist.png")
    expect(picture).to_have_attribute("data-state", "ready", timeout=WAIT_MS)
    expect(page.get_by_text("what raised the score")).to_be_visible()
    page.get_by_label("Heatmap", exact=True).uncheck()
    expect(page.get_by_text("what raised the score")).to_be_hidden()
    expect(picture.locator(".heat")).to_be_hidden()
    assert complaints == []


def test_bad_file_is_explained_beside_a_good_one(page: Page, url: str, phantom_path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(phantom_path.read_bytes()[:300])
    page.set_viewport_size({"width": 420, "height": 900})
    open_page(page, f"{url}/Diagnose")
    upload(page, broken, phantom_path)
    expect(page.get_by_text("1 read, 1 could not be read")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("button", name="Could not be read 1")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert measure_overflow_px(page) <= 0


def test_example_can_be_shared_by_its_address(page: Page, url: str) -> None:
    open_page(page, f"{url}/Diagnose")
    page.get_by_role("button", name="A hand without a break").click()
    expect(page.get_by_text("Drawn phantom, not a patient")).to_be_visible(timeout=WAIT_MS)
    wait_for_script(page)
    assert "example=hand" in page.url
    page.reload()
    expect(page.get_by_text("Drawn phantom, not a patient")).to_be_visible(timeout=WAIT_MS)
