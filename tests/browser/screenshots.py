"""Take the screenshots of docs/screenshots: ``python -m tests.browser.screenshots``.

Drawn phantoms only. The default checkpoint is evaluated on them and a quick
training runs, so what the pictures show has happened; it takes some minutes.
"""

import argparse
import io
import os
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from fracture_core.settings import PROJECT_DIR, get_settings
from tests.browser.chromium import HOW_TO_INSTALL, LAUNCH_ARGUMENTS, find_chromium
from tests.browser.conftest import wait_for_script
from tests.browser.server import run_server

# name, address, width in px, theme, a text that says the page is complete
SHOTS = (
    ("home", "/", 1400, "light", "Limits"),
    ("diagnose", "/Diagnose?example=break", 1400, "light", "Download the results"),
    ("diagnose-phone", "/Diagnose?example=break", 420, "dark", "Download the results"),
    ("failures", "/Failures?evaluation=phantoms,+{split}", 1400, "dark", "were called wrongly"),
    ("retrain", "/Retrain?run={run}", 1400, "light", "Smoothing"),
)
HEIGHT_PX = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT_DIR / "docs" / "screenshots")
    arguments = parser.parse_args()
    path = find_chromium() or parser.error(HOW_TO_INSTALL)
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryDirectory() as data:
        os.environ |= {"FRACTURE_STATE_DIR": state, "FRACTURE_DATA_DIR": data}
        get_settings.cache_clear()
        names = {"split": evaluate_on_phantoms(), "run": train_quickly()}
        with run_server(Path(state) / "server.log", {}) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
            for name, address, width_px, scheme, text in SHOTS:
                data_png = take(browser, url + address.format(**names), width_px, scheme, text)
                arguments.out.mkdir(parents=True, exist_ok=True)
                (arguments.out / f"{name}.png").write_bytes(data_png)


def evaluate_on_phantoms() -> str:
    """Evaluate the default checkpoint on the drawn phantoms; return which side of them it was."""
    from fracture_core.registry import find_checkpoint
    from ui.evaluations import evaluate_phantoms, list_evaluations

    checkpoint = find_checkpoint()
    evaluate_phantoms(checkpoint, lambda what, done, total: None)
    return next(item.split for item in list_evaluations(checkpoint).values() if item.dataset == "phantoms")


def train_quickly() -> str:
    """Train on the drawn phantoms with the quick recipe; return the run's id."""
    from fracture_core.jobs import read_run, start_training
    from fracture_core.runs import TrainingRequest

    run_id = start_training(TrainingRequest(data=("phantoms",), recipe="quick"))
    while not (state := read_run(run_id)).has_ended:
        time.sleep(1)
    if state.status != "finished":
        raise RuntimeError(f"The training {state.status}: {state.reason}")
    return run_id


def take(browser: Browser, address: str, width_px: int, scheme: str, text: str) -> bytes:
    """Return a screenshot as a PNG of 256 colours, which keeps the noise of a radiograph small."""
    page = browser.new_page(viewport={"width": width_px, "height": HEIGHT_PX}, color_scheme=scheme)
    page.goto(address)
    expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
    wait_for_script(page)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.close()
    buffer = io.BytesIO()
    picture.quantize(256).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
