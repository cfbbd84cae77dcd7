"""The app in a real browser, on a server and folders of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.chromium import HOW_TO_INSTALL, LAUNCH_ARGUMENTS, find_chromium
from tests.browser.server import run_server
from tests.tiny_world import encode_phantom, make_checkpoint, write_dataset

WAIT_MS = 30_000
# Streamlit's own script looks for its server below a page's address first, then above it.
_PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the system's Chromium; without one, these tests are skipped."""
    path = find_chromium()
    if path is None:
        pytest.skip(HOW_TO_INSTALL)
    return {"executable_path": path, "args": LAUNCH_ARGUMENTS}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A checkpoint, a data set of drawn phantoms and an empty state folder."""
    directory = tmp_path_factory.mktemp("browser")
    make_checkpoint(directory / "checkpoints" / "tiny")
    write_dataset(directory / "data" / "drawn", count=24)
    return {f"{name}_dir": directory / name for name in ("checkpoints", "data", "state")}


@pytest.fixture(scope="session")
def url(
    folders: dict[str, Path], browser_type_launch_args: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server that the tests share."""
    with run_server(tmp_path_factory.mktemp("log") / "server.log", folders) as address:
        yield address


@pytest.fixture(scope="session")
def phantom_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "wrist.png"
    path.write_bytes(encode_phantom())
    return path


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains of, filled while the test goes on."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        where = message.location["url"]
        if message.type == "error" and not where.endswith(_PROBES):
            found.append(f"{message.text} ({where})")

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def open_page(page: Page, address: str) -> None:
    """Open an address and wait until its script has run."""
    page.goto(address)
    wait_for_script(page)


def wait_for_script(page: Page) -> None:
    """Wait until the app's script rests."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=WAIT_MS)


def measure_overflow_px(page: Page) -> int:
    """Return by how many px the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
