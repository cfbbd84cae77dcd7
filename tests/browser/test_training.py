"""A model made anew in the browser: started, watched, stopped, resumed, compared, promoted, used, rolled back."""

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from fracture_core.base.settings import get_settings
from fracture_core.training import jobs
from fracture_core.training.runs.run import TrainingRequest
from tests.browser.conftest import WAIT_MS, measure_overflow_px, open_page, wait_for_script
from tests.browser.server import run_server
from tests.tiny_world import make_checkpoint, write_dataset

TRAINING_MS = 240_000  # a bound, not a wait: seconds on an idle machine
# How much is drawn in all charts: a curve that grows has a longer path.
DRAWN = """[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg path')]
    .reduce((length, path) => length + (path.getAttribute('d') || '').length, 0)"""


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Path]]:
    """A model in use, a data set, and a state folder that this process looks at too."""
    make_checkpoint(tmp_path / "checkpoints" / "tiny")
    write_dataset(tmp_path / "data" / "drawn", count=24)
    folders = {f"{name}_dir": tmp_path / name for name in ("checkpoints", "data", "state")}
    for name, folder in folders.items():
        monkeypatch.setenv(f"FRACTURE_{name.upper()}", str(folder))
    monkeypatch.setenv("FRACTURE_DEFAULT_CHECKPOINT", "tiny")
    get_settings.cache_clear()
    yield folders
    for state in jobs.list_runs():
        if state.pid and not state.has_ended:
            psutil.Process(state.pid).kill()
    get_settings.cache_clear()


def choose_option(page: Page, label: str, option: str) -> None:
    """Open a list and choose; a rerun of the page may close the list, which is then opened again."""
    choice = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        page.get_by_role("combobox", name=re.compile(label)).click()
        try:
            choice.click(timeout=5_000)
            break
        except TimeoutError:
            wait_for_script(page)
    wait_for_script(page)


def ask_for_small_training(page: Page, url: str, epochs: int) -> None:
    """Fill the form as a person would, and start."""
    open_page(page, f"{url}/Retrain")
    expect(page.get_by_text("No run yet")).to_be_visible()
    page.get_by_role("button", name=re.compile("phantoms|Clear all")).first.click()
    wait_for_script(page)
    choose_option(page, "Data", "drawn")
    page.keyboard.press("Escape")
    choose_option(page, "Batch size", "4")
    choose_option(page, "Input size", "64")
    page.get_by_label("Epochs").fill(str(epochs))
    page.get_by_label("Epochs").press("Enter")
    wait_for_script(page)
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile(r"run="), timeout=WAIT_MS)


def wait_for_more_points(page: Page) -> None:
    """Return when the curves have grown by themselves."""
    page.wait_for_function(f"{DRAWN} > 0", timeout=TRAINING_MS)
    before = page.evaluate(DRAWN)
    page.wait_for_function(f"{DRAWN} > {before}", timeout=TRAINING_MS)


def expect_status(page: Page, status: str) -> None:
    expect(page.get_by_text(status, exact=True).first).to_be_visible(timeout=TRAINING_MS)


@pytest.mark.slow
def test_from_start_to_promotion_and_back(
    own_folders: dict[str, Path], tmp_path: Path, page: Page, complaints: list[str]
) -> None:
    with run_server(tmp_path / "server.log", own_folders) as url:
        ask_for_small_training(page, url, epochs=24)
        wait_for_more_points(page)
        page.reload()
        wait_for_more_points(page)

        page.get_by_role("button", name="Stop training").click()
        expect_status(page, "stopped")
        page.get_by_role("button", name="Resume training").click()
        wait_for_more_points(page)
        expect_status(page, "finished")
        page.set_viewport_size({"width": 420, "height": 900})
        assert measure_overflow_px(page) <= 0
        page.set_viewport_size({"width": 1400, "height": 1000})

        # The run has set itself beside the model in use before it counted as finished.
        expect(page.get_by_text("Take it into use")).to_be_visible(timeout=TRAINING_MS)
        page.get_by_label("Your name").first.fill("Dr Test")
        page.get_by_label(re.compile("^Why")).first.fill("There is no test set here; this is a trial.")
        page.get_by_text("Promote it against the verdict").click()
        page.get_by_role("button", name="Promote").click()
        expect(page.get_by_text("This model is in use")).to_be_visible(timeout=WAIT_MS)

        open_page(page, f"{url}/Diagnose?example=break")
        run_id = jobs.list_runs()[0].id
        expect(page.locator(".fx-model")).to_contain_text(run_id, timeout=WAIT_MS)
        expect(page.get_by_text("Report", exact=True)).to_be_visible(timeout=WAIT_MS)

        open_page(page, f"{url}/Retrain?run={run_id}")
        page.get_by_label("Your name").last.fill("Dr Test")
        page.get_by_label("Why back to tiny").fill("The trial is over.")
        page.get_by_role("button", name="Roll back", exact=True).click()
        expect(page.get_by_role("button", name="Compare again")).to_be_visible(timeout=WAIT_MS)
        open_page(page, f"{url}/Diagnose?example=break")
        expect(page.locator(".fx-model")).to_contain_text("tiny", timeout=WAIT_MS)
        assert complaints == []


@pytest.mark.slow
def test_training_outlives_the_server_and_every_session_sees_it(
    own_folders: dict[str, Path], tmp_path: Path, browser: Browser
) -> None:
    request = TrainingRequest(data=("drawn",), recipe="quick", epochs=300, input_size_px=64, batch_size=4, device="cpu")
    with run_server(tmp_path / "first.log", own_folders) as url:
        first = browser.new_page()
        ask_for_small_training(first, url, epochs=300)
        second = browser.new_page()
        second.goto(first.url)
        wait_for_more_points(second)
        wait_for_more_points(first)
        address = first.url.removeprefix(url)
    state = jobs.list_runs()[0]
    assert state.request.epochs == request.epochs and not state.has_ended
    with run_server(tmp_path / "second.log", own_folders) as url:
        page = browser.new_page()
        page.goto(url + address)
        wait_for_more_points(page)
        later = jobs.read_run(state.id)
        assert (later.pid, later.has_ended) == (state.pid, False) and later.step > state.step
        psutil.Process(state.pid).kill()
        expect_status(page, "failed")
        expect(page.get_by_text("The training process has gone")).to_be_visible()
        expect(page.get_by_role("button", name="Resume training")).to_be_visible()
