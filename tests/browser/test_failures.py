"""The failure gallery in the browser: filter, open, next by key, tag, export, and the same again by its address."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from fracture_core.datasets.labelled_images import load_labelled_images
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.networks.checkpoints import read_checkpoint
from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.server import run_server
from tests.tiny_world import make_checkpoint, write_dataset

COUNT = 30
REGIONS = ("hand", "leg", "hip")


@pytest.fixture(scope="module")
def gallery_url(tmp_path_factory: pytest.TempPathFactory, browser_type_launch_args: object) -> Iterator[str]:
    """A server with one evaluation: the first 26 of 30 drawn phantoms are called wrongly, more than a page holds."""
    root = tmp_path_factory.mktemp("gallery")
    make_checkpoint(root / "checkpoints" / "tiny")
    checkpoint = read_checkpoint(root / "checkpoints" / "tiny")
    catalog = read_catalog(write_dataset(root / "data" / "drawn", count=COUNT))
    images = load_labelled_images([catalog], checkpoint.manifest.preprocessing, cache_dir=root / "cache")
    made = evaluate_checkpoint(
        checkpoint,
        images.of_dataset("drawn"),
        dataset="drawn",
        fingerprint=catalog.fingerprint,
        split="test",
        device="cpu",
    )
    predictions = tuple(
        item.model_copy(update=invent(int(Path(item.name).stem), item.label)) for item in made.predictions
    )
    write_evaluations(checkpoint.evaluation_path, [made.model_copy(update={"predictions": predictions})])
    with run_server(
        root / "server.log", {f"{name}_dir": root / name for name in ("checkpoints", "data", "state")}
    ) as url:
        yield url


def invent(number: int, label: int) -> dict[str, object]:
    """Return what was made of a file: wrong with more confidence the smaller its number is."""
    sure = 0.95 - number / 100
    is_wrong = number < 26
    p = sure if (label == 0) == is_wrong else 1 - sure
    call = "positive" if p >= 0.5 else "negative"
    return {"p_fracture": p, "correct": not is_wrong, "call": call, "region": REGIONS[number % len(REGIONS)]}


def find_tiles(page: Page) -> Locator:
    return page.locator(".st-key-fx_tiles li")


def wait_for_picture(page: Page, name: str) -> None:
    """Wait until the viewer shows a file."""
    wait_for_script(page)
    viewer = page.get_by_role("img", name=f"Radiograph {name}")
    expect(viewer).to_be_visible(timeout=WAIT_MS)
    expect(viewer.get_by_text("Loading the picture")).to_be_hidden(timeout=WAIT_MS)


def read_params(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.slow
def test_filter_open_next_by_key_tag_and_reload(gallery_url: str, page: Page, complaints: list[str]) -> None:
    open_page(page, f"{gallery_url}/Failures")
    expect(find_tiles(page)).to_have_count(24, timeout=WAIT_MS)
    page.get_by_test_id("stPaginationNext").click()
    expect(find_tiles(page)).to_have_count(2)
    assert read_params(page) == {"page": ["2"]}

    page.get_by_role("button", name=re.compile("^hand ")).click()
    expect(find_tiles(page)).to_have_count(9)
    assert read_params(page) == {"regions": ["hand"]}
    page.go_back()
    expect(find_tiles(page)).to_have_count(2)
    page.go_forward()
    expect(find_tiles(page)).to_have_count(9)

    find_tiles(page).first.click()  # the whole tile is the button
    expect(page.get_by_text("1 of 9")).to_be_visible(timeout=WAIT_MS)
    wait_for_picture(page, "not fractured/00.png")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 9")).to_be_visible()
    wait_for_picture(page, "fractured/03.png")

    page.get_by_label("Your name, kept with what you say").first.fill("Dr Test")
    page.get_by_label("Your name, kept with what you say").first.press("Enter")
    page.get_by_label("Tag", exact=True).click()
    wait_for_script(page)  # a second look, after the first run has surely begun
    page.get_by_label("Tag", exact=True).fill("cast")
    page.keyboard.press("ArrowLeft")  # while typing, an arrow moves the cursor, not the page
    expect(page.get_by_text("2 of 9")).to_be_visible()
    page.get_by_label("Tag", exact=True).press("Enter")
    expect(page.get_by_role("button", name="cast")).to_be_visible(timeout=WAIT_MS)
    assert read_params(page)["image"] == ["fractured/03.png"]

    address = page.url
    page.reload()
    expect(page.get_by_text("2 of 9")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("button", name="cast")).to_be_visible()
    assert page.url == address
    wait_for_picture(page, "fractured/03.png")
    page.get_by_role("button", name="All images").click()
    tagged = find_tiles(page).filter(has_text="cast")
    expect(tagged).to_have_count(1, timeout=WAIT_MS)
    assert complaints == []


@pytest.mark.slow
def test_click_on_a_bar_filters_and_the_view_is_exported(gallery_url: str, page: Page, tmp_path: Path) -> None:
    open_page(page, f"{gallery_url}/Failures?search=0&pattern=where")
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart.locator(".bars .point").first).to_be_visible(timeout=WAIT_MS)
    wait_for_script(page)
    chart.locator(".bars .point").first.click(force=True)
    page.wait_for_url(re.compile("regions="), timeout=WAIT_MS)
    wait_for_script(page)
    count = find_tiles(page).count()
    assert 0 < count < 24

    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Prepare a zip").click()
    with page.expect_download(timeout=WAIT_MS) as downloading:
        page.get_by_role("button", name="Download the zip").click()
    path = tmp_path / "view.zip"
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        rows = archive.read("failures.csv").decode().strip().splitlines()
    assert len([name for name in names if name.startswith("images/")]) == count == len(rows) - 1
    assert len([name for name in names if name.startswith("heatmaps/")]) == count


@pytest.mark.slow
def test_several_are_ticked_and_a_phone_has_room(gallery_url: str, page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    open_page(page, f"{gallery_url}/Failures?kinds=missed+fracture")
    expect(find_tiles(page).first).to_be_visible(timeout=WAIT_MS)
    assert measure_overflow_px(page) <= 0
    boxes = find_tiles(page).get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.get_by_role("button", name="With the 2 selected")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("button", name=re.compile("^hand "))).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^hand "))).to_be_visible(timeout=WAIT_MS)
    assert boxes.nth(0).is_checked() and boxes.nth(1).is_checked()
