"""A whole training in the browser, with tiny settings, and the way on to its failures."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script

TRAINING_MS = 180_000  # a bound, not a wait: seconds on an idle machine


def choose_option(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_for_script(page)


def test_training_runs_with_live_curves_and_leads_to_its_failures(
    page: Page, url: str, complaints: list[str]
) -> None:
    open_page(page, f"{url}/Retrain")
    expect(page.get_by_text("No run yet")).to_be_visible()
    page.get_by_role("button", name=re.compile("phantoms|Clear all")).first.click()
    wait_for_script(page)
    choose_option(page, "Data", "drawn")
    page.keyboard.press("Escape")
    choose_option(page, "Batch size", "4")
    choose_option(page, "Input size", "64")
    page.get_by_label("Epochs").fill("2")
    page.get_by_label("Epochs").press("Enter")
    wait_for_script(page)
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile(r"run="), timeout=WAIT_MS)
    expect(page.get_by_role("button", name="Stop training")).to_be_visible()
    page.reload()  # the state is on disk; the page only reads it
    expect(page.get_by_text(re.compile(r"Epoch \d of 2"))).to_be_visible(timeout=TRAINING_MS)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2, timeout=TRAINING_MS)
    expect(page.get_by_text("finished", exact=True).first).to_be_visible(timeout=TRAINING_MS)
    page.set_viewport_size({"width": 420, "height": 900})
    assert measure_overflow_px(page) <= 0
    page.get_by_test_id("stPageLink-NavLink").filter(has_text="See what it gets wrong").click()
    expect(page.get_by_text("were called wrongly")).to_be_visible(timeout=WAIT_MS)
    assert measure_overflow_px(page) <= 0
    assert complaints == []
