"""How fast the failure gallery is on a made set of 10,000 images: a real server, a real browser.

    python -m tests.benchmark.gallery [--json] [--count 10000] [--folder DIR]

A folder that is given is kept, and not made anew when it is there.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.benchmark.gallery_set import make_set
from tests.browser.chromium import LAUNCH_ARGUMENTS, find_chromium
from tests.browser.server import run_server

PAGES, MANY_PAGES = 10, 50
TIMEOUT_MS = 120_000
# The first tile's name once as many tiles as a page has stand there with their pictures drawn, else nothing.
FIRST_TILE = """() => {
    const host = [...document.querySelectorAll('.st-key-fx_tiles *')].find((element) => element.shadowRoot);
    const tiles = host ? [...host.shadowRoot.querySelectorAll('li')] : [];
    const pictures = tiles.map((tile) => tile.querySelector('img'));
    const isDrawn = tiles.length === 24 && pictures.every((image) => image && image.complete && image.naturalWidth);
    return isDrawn ? tiles[0].dataset.name : '';
}"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = arguments.folder or Path(temporary)
        make_set(root, arguments.count)
        figures = measure(root)
    record = {
        "title": f"The failure gallery on a made set of {arguments.count:,} images",
        "command": "python -m tests.benchmark.gallery --json",
        "cores": os.cpu_count(),
        "images": arguments.count,
    } | figures
    print(json.dumps(record, indent=2) if arguments.json else "\n".join(f"{k:44} {v}" for k, v in record.items()))


def measure(root: Path) -> dict[str, object]:
    """Return times in ms as a person at the browser has them, and the server's memory in MiB."""
    folders = {f"{name}_dir": root / name for name in ("checkpoints", "data", "state")}
    os.environ["FRACTURE_DEFAULT_CHECKPOINT"] = "tiny"
    with run_server(root / "server.log", folders) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=LAUNCH_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(TIMEOUT_MS)

        def load(query: str = "") -> object:
            return page.goto(f"{url}/Failures{query}")

        figures: dict[str, object] = {"first visit of all, evaluation read, ms": time_ms(page, load)}
        figures["address opened in a new tab, ms"] = median_ms(page, load, lambda: page.goto("about:blank"))

        def home() -> None:
            page.goto(url)
            page.get_by_role("link", name="Failures").first.wait_for()

        figures["first screen, from another page, ms"] = median_ms(
            page, lambda: page.get_by_role("link", name="Failures").first.click(), home
        )
        load("?show=all")
        wait_for_other(page, "")
        turns = [time_ms(page, lambda: turn(page)) for _ in range(PAGES)]
        figures["further page, median of 10, ms"] = round(statistics.median(turns))
        figures["further page, worst of 10, ms"] = max(turns)
        figures["filter changed, ms"] = time_ms(page, lambda: page.get_by_role("button", name="hand").first.click())
        figures |= measure_memory(page)
        browser.close()
    return figures


def measure_memory(page: Page) -> dict[str, object]:
    """Return the server's resident memory before and after many pages."""
    server = next(child for child in psutil.Process().children() if "streamlit" in " ".join(child.cmdline()))
    before = server.memory_info().rss
    for _ in range(MANY_PAGES):
        time_ms(page, lambda: turn(page))
    after = server.memory_info().rss
    return {
        "server before, MiB": round(before / 2**20),
        f"server after {MANY_PAGES} more pages, MiB": round(after / 2**20),
    }


def turn(page: Page) -> None:
    page.get_by_test_id("stPaginationNext").click()


def time_ms(page: Page, act: Callable[[], object]) -> int:
    """Return how long it takes until another page of tiles is drawn."""
    before = page.evaluate(FIRST_TILE)
    started_s = time.perf_counter()
    act()
    wait_for_other(page, before)
    return round((time.perf_counter() - started_s) * 1000)


def median_ms(page: Page, act: Callable[[], object], prepare: Callable[[], object], rounds: int = 5) -> int:
    times = []
    for _ in range(rounds):
        prepare()
        times.append(time_ms(page, act))
    return round(statistics.median(times))


def wait_for_other(page: Page, before: str) -> None:
    page.wait_for_function(
        f"(before) => {{ const first = ({FIRST_TILE})(); return first && first !== before; }}", arg=before
    )


if __name__ == "__main__":
    main()
