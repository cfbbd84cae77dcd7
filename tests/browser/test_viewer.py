"""The radiograph viewer in a browser: depth, tools, layers, keys, reruns, and no WebGL."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Locator, Page, expect

from tests.browser.chromium import LAUNCH_ARGUMENTS
from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.server import run_server
from tests.browser.viewer_app import SIDE_PX

_READ = """(canvas, [rows, columns]) => {
  const { width, height } = canvas;
  const scale = Math.min(width, height) / 512;
  const at = (part, side) => Math.floor(side / 2 + (part - 256) * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const read = (row, column) => context.getImageData(at(column, width), at(row, height), 1, 1).data[0];
  return rows.map((row) => columns.map((column) => read(row, column)));
}"""
_COUNT_CANVASES = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
    node.shadowRoot ? inside(node.shadowRoot) : node.tagName === "CANVAS" ? [node] : []);
  return inside(document).length;
}"""


@pytest.fixture(scope="module")
def viewer_url(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of viewers, served below a path as behind a proxy."""
    log = tmp_path_factory.mktemp("viewer") / "server.log"
    with run_server(log, folders, script="tests/browser/viewer_app.py", base_path="rays") as address:
        yield address


def find_pane(page: Page, name: str = "drawn.dcm") -> Locator:
    pane = page.get_by_role("img", name=f"Radiograph {name}")
    expect(pane).to_have_attribute("data-state", "ready", timeout=WAIT_MS)
    return pane


def read_gray(pane: Locator, rows: list[int], columns: list[int]) -> list[list[int]]:
    """Return what the screen shows at px of the picture, while all of it fits."""
    return pane.locator("canvas.cornerstone-canvas").evaluate(_READ, [rows, columns])


def drag(page: Page, pane: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag between two points, in px of the picture while all of it fits."""
    box = pane.bounding_box()
    assert box
    scale = min(box["width"], box["height"]) / SIDE_PX
    points = [
        (box["x"] + box["width"] / 2 + (x - 256) * scale, box["y"] + box["height"] / 2 + (y - 256) * scale)
        for x, y in (start, end)
    ]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=8)
    page.mouse.up()


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for a picture that is drawn at the next frame."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not is_so() and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert is_so()


def count_ramp_levels(pane: Locator) -> int:
    return len(set(read_gray(pane, [256], list(range(20, 492, 2)))[0]))


def check_tools(page: Page, pane: Locator) -> None:
    """Window, invert, zoom and measure; the same with and without WebGL."""
    assert count_ramp_levels(pane) <= 2  # all that an 8-bit copy through the file's window has of the ramp
    status = pane.locator(".status")
    expect(status).to_contain_text("C 30050 W 30000")
    drag(page, pane, (490, 256), (26, 256))
    expect(status).not_to_contain_text("W 30000")
    wait_until(page, lambda: count_ramp_levels(pane) > 20)
    page.keyboard.press("1")
    expect(status).to_contain_text("C 30050 W 30000")
    wait_until(page, lambda: read_gray(pane, [60, 450], [256]) == [[0], [255]])
    page.keyboard.press("i")
    wait_until(page, lambda: read_gray(pane, [60, 450], [256]) == [[255], [0]])
    page.keyboard.press("i")
    page.keyboard.press("m")
    drag(page, pane, (100, 256), (300, 256))
    expect(pane.locator("svg text", has_text="mm")).to_have_text(
        re.compile(r"^(39\.[89]|40\.[0-2]) mm at the detector$")
    )
    fitting = status.inner_text()
    page.mouse.wheel(0, -400)
    expect(status).not_to_have_text(fitting)
    page.keyboard.press("0")
    expect(status).to_have_text(fitting)


def test_full_depth_tools_layers_keys_and_reruns(page: Page, viewer_url: str, complaints: list[str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1400, "height": 900})
    open_page(page, viewer_url)
    pane = find_pane(page)
    check_tools(page, pane)

    heat = pane.locator(".heat")
    corner = "(node) => new DOMMatrix(getComputedStyle(node).transform).transformPoint({ x: 0, y: 0 }).toJSON()"
    first = heat.evaluate(corner)
    page.keyboard.press("t")
    expect(pane.locator(".status")).to_contain_text("turned 90°")
    wait_until(page, lambda: heat.evaluate(corner)["x"] > first["x"] + 400)  # its first corner went right
    assert abs(heat.evaluate(corner)["y"] - first["y"]) < 2
    page.keyboard.press("x")
    expect(pane.locator(".status")).to_contain_text("turned 270°, mirrored")
    wait_until(page, lambda: abs(heat.evaluate(corner)["x"] - first["x"]) < 2)
    assert abs(heat.evaluate(corner)["y"] - first["y"]) < 2
    page.get_by_label("Heatmap", exact=True).uncheck()
    expect(heat).to_be_hidden()
    page.keyboard.press("h")
    expect(heat).to_be_visible()
    page.get_by_label("Heatmap opacity in percent").fill("20")
    expect(heat).to_have_css("opacity", "0.2")
    page.get_by_label("Marked fracture").uncheck()
    expect(pane.locator(".marks")).to_be_hidden()

    status = pane.locator(".status").inner_text()
    page.keyboard.press("s")
    expect(page.locator(".viewer.full")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator(".viewer.full")).to_have_count(0)
    expect(pane.locator(".status")).to_have_text(status)  # as it was, at the size it was

    page.get_by_label("A note").fill("i")
    page.get_by_label("A note").press("t")
    assert "turned 270°, mirrored" in status
    fetched = len([address for address in asked if address.endswith(".gz")])
    page.get_by_role("button", name="Run again").click()
    wait_for_script(page)
    expect(pane.locator(".status")).to_have_text(status)
    assert len([address for address in asked if address.endswith(".gz")]) == fetched
    assert complaints == []
    assert [address for address in asked if not address.startswith((viewer_url, "data:", "blob:"))] == []


@pytest.mark.slow
def test_two_side_by_side_go_together_and_fit_a_phone(page: Page, viewer_url: str, complaints: list[str]) -> None:
    page.set_viewport_size({"width": 1400, "height": 1400})
    open_page(page, viewer_url)
    page.get_by_text("Two", exact=True).click()
    left, right = find_pane(page, "left.dcm"), find_pane(page, "right.dcm")
    page.get_by_role("button", name="Link").click()
    drag(page, left, (400, 256), (100, 256))
    expect(left.locator(".status")).not_to_contain_text("W 30000")
    page.mouse.wheel(0, -300)
    expect(right.locator(".status")).to_have_text(left.locator(".status").inner_text())
    page.set_viewport_size({"width": 420, "height": 900})
    expect(left).to_be_visible()
    assert measure_overflow_px(page) <= 0
    assert complaints == []


@pytest.mark.slow
def test_many_pictures_leave_nothing_behind(page: Page, viewer_url: str) -> None:
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    open_page(page, viewer_url)
    find_pane(page)
    for _ in range(10):
        page.get_by_test_id("stNumberInputStepUp").click()
        wait_for_script(page)
    for _ in range(18):  # more than the contexts that a browser allows
        page.get_by_text("Show", exact=True).click()
    find_pane(page)
    assert page.evaluate(_COUNT_CANVASES) == 2  # the picture and its heatmap
    assert [text for text in warned if "WebGL" in text] == []


@pytest.mark.slow
def test_without_webgl_it_draws_by_itself(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object], viewer_url: str
) -> None:
    browser = browser_type.launch(**browser_type_launch_args | {"args": [*LAUNCH_ARGUMENTS, "--disable-3d-apis"]})
    try:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        open_page(page, viewer_url)
        pane = find_pane(page)
        expect(page.locator(".viewer")).to_have_attribute("data-renderer", "cpu")
        check_tools(page, pane)
    finally:
        browser.close()
