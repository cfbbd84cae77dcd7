"""Reading a radiograph and finding it again: by its link, by its file, from one reading to the next."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.test_reading import CALL, upload
from tests.tiny_world import encode_phantom

P = re.compile(r"^p = \d\.\d\d$")


def read(page: Page, url: str, path: Path) -> str:
    """Read a file on Diagnose; return its probability as shown."""
    open_page(page, f"{url}/Diagnose")
    upload(page, path)
    expect(page.get_by_test_id("stMarkdown").filter(has_text=CALL)).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("link", name="This reading in the history")).to_be_visible(timeout=WAIT_MS)
    return page.get_by_text(P).inner_text()


@pytest.mark.slow
def test_read_find_by_link_reload_and_find_by_file(page: Page, url: str, tmp_path: Path, complaints: list[str]) -> None:
    paths = [tmp_path / f"{seed}.png" for seed in (31, 32)]
    for seed, path in zip((31, 32), paths, strict=True):
        path.write_bytes(encode_phantom(seed))
    shown = [read(page, url, path) for path in paths]
    page.get_by_role("link", name="This reading in the history").click()
    expect(page.get_by_text("The picture is not kept")).to_be_visible(timeout=WAIT_MS)
    newest = page.url
    assert re.search(r"/History\?.*reading=[0-9a-f]{32}", newest)
    page.reload()
    expect(page.get_by_text(P)).to_have_text(shown[1], timeout=WAIT_MS)
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text(newest[-32:])).to_have_count(0, timeout=WAIT_MS)
    expect(page.get_by_text(P)).to_have_text(shown[0], timeout=WAIT_MS)
    page.go_back()
    expect(page.get_by_text(newest[-32:])).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="All readings").click()
    expect(page.get_by_text(re.compile(r"^\d+ readings?, newest first$"))).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Find by file").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths[0])
    expect(page.get_by_text("1 reading, newest first")).to_be_visible(timeout=WAIT_MS)
    assert re.search(r"sha256=[0-9a-f]{64}", page.url)
    assert complaints == []


@pytest.mark.slow
def test_the_filtered_view_is_exported_and_told_in_the_log(page: Page, url: str, phantom_path: Path) -> None:
    read(page, url, phantom_path)
    open_page(page, f"{url}/History?source=page")
    with page.expect_download(timeout=WAIT_MS) as download:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = [*csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines())]
    assert rows and {row["source"] for row in rows} == {"page"}
    open_page(page, f"{url}/History?tab=log&action=export")
    page.get_by_role("button", name="Verify the log").click()
    expect(page.get_by_text("The log is whole")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.slow
def test_a_reading_is_deleted_and_a_phone_shows_all(page: Page, url: str, phantom_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    read(page, url, phantom_path)
    page.get_by_role("link", name="This reading in the history").click()
    expect(page.get_by_text("The picture is not kept")).to_be_visible(timeout=WAIT_MS)
    wait_for_script(page)
    assert measure_overflow_px(page) <= 0
    address = page.url
    page.get_by_role("button", name="Delete this reading").click()
    page.get_by_label("Your name", exact=True).last.fill("Ada")
    page.get_by_label("Why it is deleted").fill("A drawing")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("This reading has been deleted")).to_be_visible(timeout=WAIT_MS)
    open_page(page, address)
    expect(page.get_by_text("There is no such reading.")).to_be_visible(timeout=WAIT_MS)
    for query in ("", "?tab=agreement", "?tab=log"):
        open_page(page, f"{url}/History{query}")
        assert measure_overflow_px(page) <= 0, query
