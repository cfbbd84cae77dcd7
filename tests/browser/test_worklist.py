"""The reading room in a real browser: many files, a refresh in the middle, one file open, the next by key, a PDF."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fracture_core.base.settings import PROJECT_DIR
from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.test_reading import upload
from tests.tiny_world import encode_phantom

GOOD, BAD = 25, 5


def write_files(folder: Path) -> list[Path]:
    """Write drawn radiographs, and files that cannot be read among them."""
    paths = []
    for number in range(GOOD):
        paths.append(folder / f"view-{number:02d}.png")
        paths[-1].write_bytes(encode_phantom(number, size_px=96))
    bad = (b"", b"%PDF-1.4", paths[0].read_bytes()[:300], b"DICM" * 100, b"\xff\xd8\xff\xe0 no more")
    for number, data in enumerate(bad):
        paths.insert(5 * number, folder / f"bad-{number}.dat")
        paths[5 * number].write_bytes(data)
    return paths


def wait_for_picture(page: Page) -> None:
    """Wait until the viewer has its pixels: those of a picture left before are no longer served."""
    wait_for_script(page)
    expect(page.get_by_role("img", name=re.compile("^Radiograph "))).to_have_attribute(
        "data-state", "ready", timeout=WAIT_MS
    )


def read_rows(state_dir: Path, worklist_id: str) -> list[tuple[str, str, str]]:
    """Return (name, status, when it was read) of each item."""
    with sqlite3.connect(state_dir / "fracture.db") as database:
        wanted = "SELECT name, status, read_at FROM worklist_items WHERE worklist_id = ? ORDER BY number"
        return list(database.execute(wanted, (worklist_id,)))


@pytest.mark.slow
def test_a_list_outlives_a_refresh_and_is_worked_off_by_key(
    page: Page, url: str, folders: dict[str, Path], tmp_path: Path, complaints: list[str]
) -> None:
    open_page(page, f"{url}/Diagnose")
    upload(page, *write_files(tmp_path))
    page.wait_for_url(re.compile(r"worklist=([\w-]+)"), timeout=WAIT_MS)
    worklist_id = re.search(r"worklist=([\w-]+)", page.url)[1]  # type: ignore[index]
    early = [row for row in read_rows(folders["state_dir"], worklist_id) if row[2]]
    page.reload()
    expect(page.get_by_text(f"{GOOD} read, {BAD} could not be read")).to_be_visible(timeout=WAIT_MS)
    rows = read_rows(folders["state_dir"], worklist_id)
    assert len(rows) == GOOD + BAD and {row[1] for row in rows} == {"done", "failed"}
    assert set(early) <= set(rows)  # what was read before the refresh was not read again
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert measure_overflow_px(page) == 0
    open_first_row(page)
    wait_for_picture(page)
    first = read_title(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 30", exact=True)).to_be_visible(timeout=WAIT_MS)
    wait_for_picture(page)
    assert read_title(page) != first
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("1 of 30", exact=True)).to_be_visible(timeout=WAIT_MS)
    assert read_title(page) == first
    check_pdf(page, tmp_path)
    assert complaints == []
    check_command_line(folders)


def open_first_row(page: Page) -> None:
    """Click the table's first row; its cells are drawn, so that only a place can be clicked."""
    wait_for_script(page)
    page.wait_for_timeout(1000)  # a click just after rows have moved is not taken
    page.get_by_test_id("stDataFrame").click(position={"x": 60, "y": 52})
    page.wait_for_url(re.compile(r"item=\d+"), timeout=WAIT_MS)
    expect(page.get_by_text(re.compile(r"^p = \d\.\d\d$"))).to_be_visible(timeout=WAIT_MS)


def read_title(page: Page) -> str:
    wait_for_script(page)
    return page.locator(".st-key-fx_card_item h3").first.inner_text()


def check_pdf(page: Page, folder: Path) -> None:
    page.get_by_text("Report", exact=True).click()
    page.get_by_role("button", name="Prepare PDF").click()
    with page.expect_download(timeout=WAIT_MS) as download:
        page.get_by_role("button", name="Download PDF").click()
    download.value.save_as(folder / "report.pdf")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "view" not in download.value.suggested_filename


def check_command_line(folders: dict[str, Path]) -> None:
    command = [sys.executable, "-m", "fracture_core", "worklist", "list", "--json"]
    environment = {f"FRACTURE_{name.upper()}": str(path) for name, path in folders.items()}
    done = subprocess.run(command, cwd=PROJECT_DIR, env=environment, capture_output=True, check=True, timeout=120)
    lists = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(each["progress"]["done"] == GOOD and each["progress"]["failed"] == BAD for each in lists)
