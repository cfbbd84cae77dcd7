"""An audit in the browser: started, shown, kept for the next visit, fit for a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page
from tests.planted import write_planted

AUDIT_MS = 120_000  # a bound, not a wait


@pytest.mark.slow
def test_audit_finds_what_was_planted_and_keeps_it(
    page: Page, url: str, folders: dict[str, Path], complaints: list[str]
) -> None:
    write_planted(folders["data_dir"] / "planted")
    open_page(page, f"{url}/Audit?data=planted")
    page.get_by_role("button", name="Audit").click()
    expect(page.get_by_text("Not usable as published")).to_be_visible(timeout=AUDIT_MS)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3, timeout=WAIT_MS)
    page.reload()
    expect(page.get_by_text("Not usable as published")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("button", name="Audit anew")).to_be_visible()
    expect(page.get_by_alt_text("Radiograph train/fractured/disputed.png")).to_be_visible(timeout=WAIT_MS)
    page.set_viewport_size({"width": 420, "height": 900})
    assert measure_overflow_px(page) <= 0
    assert complaints == []
