"""Take the screenshots of docs/screenshots: ``python -m tests.browser.screenshots``.

Drawn phantoms only. A quick training on them runs first, and the pages show the
model that it leaves, so what the pictures show has happened; home shows the
checkpoint that ships. It takes some minutes.
"""

import argparse
import io
import os
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from fracture_core.base.settings import PROJECT_DIR, get_settings
from fracture_core.datasets.phantoms.drawing import REGIONS, draw_phantom
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from fracture_core.reading.history.record import NewReading, record_reading
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.records.feedback.write import give_feedback
from fracture_core.training.jobs import list_runs, read_run, start_training
from fracture_core.training.runs.run import TrainingRequest
from tests.browser.chromium import HOW_TO_INSTALL, LAUNCH_ARGUMENTS, find_chromium
from tests.browser.conftest import wait_for_script
from tests.browser.server import run_server

DRAWN = 36  # phantoms in the history

# name, address, width and height in px, theme, a text that says the page is complete
SHOTS = (
    ("home", "/", 1400, 1000, "light", "Limits"),
    ("diagnose", "/Diagnose?example=break&model={run}", 1400, 1500, "light", "Report"),
    ("diagnose-phone", "/Diagnose?example=break&model={run}", 420, 1500, "dark", "Report"),
    ("failures", "/Failures?model={run}", 1400, 1300, "dark", "Called wrongly"),
    ("history", "/History?model={run}", 1400, 900, "light", "newest first"),
    ("agreement", "/History?tab=agreement&model={run}", 1400, 1300, "dark", "agree"),
    ("retrain", "/Retrain?run={run}", 1400, 1300, "light", "Raw values are faint"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT_DIR / "docs" / "screenshots")
    parser.add_argument("--only", metavar="NAME", help="take this one alone")
    parser.add_argument("--state", type=Path, help="keep the run in this folder, and use the one that is there")
    arguments = parser.parse_args()
    path = find_chromium() or parser.error(HOW_TO_INSTALL)
    with tempfile.TemporaryDirectory() as temporary:
        state = arguments.state or Path(temporary) / "state"
        os.environ |= {"FRACTURE_STATE_DIR": str(state), "FRACTURE_DATA_DIR": temporary}
        get_settings.cache_clear()
        run_id = find_finished_run() or train_quickly()
        read_phantoms(run_id)
        arguments.out.mkdir(parents=True, exist_ok=True)
        with run_server(Path(temporary) / "server.log", {}) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
            for name, address, width_px, height_px, scheme, text in SHOTS:
                if arguments.only not in (None, name):
                    continue
                png = take(browser, url + address.format(run=run_id), (width_px, height_px), scheme, text)
                (arguments.out / f"{name}.png").write_bytes(png)


def find_finished_run() -> str | None:
    """Return the newest run that has finished, if there is one."""
    return next((run.id for run in list_runs() if run.status == "finished"), None)


def train_quickly() -> str:
    """Train on the drawn phantoms with the quick recipe; return the run's id."""
    run_id = start_training(TrainingRequest(data=("phantoms",), recipe="quick"))
    while not (state := read_run(run_id)).has_ended:
        time.sleep(1)
    if state.status != "finished":
        raise RuntimeError(f"The training {state.status}: {state.reason}")
    return run_id


def read_phantoms(run_id: str) -> None:
    """Read drawn phantoms into the history, and say of each what was drawn."""
    if list_readings(HistoryFilters()).readings:
        return
    checkpoint = find_checkpoint(run_id)
    predictor, gate = Predictor(checkpoint, "cpu"), SuitabilityCheck.of(checkpoint)
    for number in range(DRAWN):
        is_broken = number % 3 == 0
        region = REGIONS[number % len(REGIONS)]
        drawn = draw_phantom(5000 + number, region=region, fractured=is_broken)
        radiograph = Radiograph(drawn.pixels, "PNG", sha256=f"{number:064x}")
        reading = predictor.read(radiograph)
        found = gate.check(radiograph, reading.features)
        kept = record_reading(
            NewReading("page", radiograph, reading, found, reading.elapsed_ms, who="Jane Roe", region=region)
        )
        if not kept.is_refused:
            agrees = None if kept.call == "uncertain" else (kept.call == "positive") == is_broken
            give_feedback(kept.id, who="Jane Roe", agrees=agrees, label=int(is_broken), region=region)


def take(browser: Browser, address: str, size_px: tuple[int, int], scheme: str, text: str) -> bytes:
    """Return a screenshot as a PNG of 256 colours, which keeps the noise of a radiograph small."""
    page = browser.new_page(viewport={"width": size_px[0], "height": size_px[1]}, color_scheme=scheme)
    page.goto(address)
    expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
    wait_for_script(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    for chart in page.get_by_test_id("stPlotlyChart").all():
        expect(chart.locator(".main-svg").first).to_be_attached()  # it may be folded away
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.close()
    buffer = io.BytesIO()
    picture.quantize(256, Image.Quantize.MAXCOVERAGE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
