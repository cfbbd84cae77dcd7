"""Every page in a browser: opened first by its own address, narrow, without complaints."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page
from tests.browser.server import run_server
from ui.shared.frame import PRODUCT_NAME

ADDRESSES = ["/", "/Diagnose", "/Failures", "/Retrain", "/Audit", "/History"]


def expect_frame(page: Page) -> None:
    expect(page.get_by_text("Supports, and does not replace, a qualified reader.")).to_be_visible(timeout=WAIT_MS)
    for name in ("Home", "Diagnose", "Failures", "Retrain", "Audit", "History"):
        expect(page.get_by_test_id("stPageLink-NavLink").filter(has_text=name).first).to_be_visible()
    expect(page.get_by_text("tiny", exact=True).first).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_page_opened_first_on_a_fresh_server_has_its_frame(
    address: str, page: Page, folders: dict[str, Path], tmp_path: Path
) -> None:
    with run_server(tmp_path / "server.log", folders) as fresh_url:
        open_page(page, fresh_url + address)
        expect_frame(page)
        expect(page.get_by_role("heading", name=address[1:], exact=True)).to_be_visible()
        expect(page).to_have_title(f"{address[1:]} · {PRODUCT_NAME}")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_no_page_overflows_a_phone_or_complains_or_fetches_from_elsewhere(
    scheme: Literal["light", "dark"], page: Page, url: str, complaints: list[str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 420, "height": 900})
    for address in ADDRESSES:
        open_page(page, url + address)
        expect_frame(page)
        assert measure_overflow_px(page) <= 0, address
    assert complaints == []
    assert [address for address in asked if not address.startswith((url, "data:", "blob:"))] == []


def test_navigation_leads_through_the_pages_and_keeps_the_model(page: Page, url: str) -> None:
    open_page(page, f"{url}/?model=tiny")
    for name in ("Diagnose", "Failures", "Retrain", "Audit", "History"):
        page.get_by_test_id("stPageLink-NavLink").filter(has_text=name).first.click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=WAIT_MS)
        expect(page).to_have_url(f"{url}/{name}?model=tiny")
