"""The failure gallery."""

from pathlib import Path

import pytest

from fracture_core.data.catalog import read_catalog
from fracture_core.data.dataset import load_labelled_images
from fracture_core.evaluation.evaluate import evaluate
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.records import Evaluation, Leaks
from fracture_core.registry import find_checkpoint, read_checkpoint
from fracture_core.settings import get_settings
from tests.pages.conftest import Open, read_text

PAGE = "pages/2_Failures.py"


@pytest.fixture
def evaluation(measured: Evaluation) -> Evaluation:
    """Kept for the tiny checkpoint: two false alarms and one missed fracture, whatever its random weights call."""
    wrong = [item.name for item in measured.predictions if item.label == 0][:2]
    wrong += [item.name for item in measured.predictions if item.label == 1][:1]
    predictions = tuple(
        item.model_copy(update={"correct": item.name not in wrong, "p_fracture": _place(item.label, item.name in wrong)})
        for item in measured.predictions
    )
    changed = measured.model_copy(update={"predictions": predictions})
    keep_evaluation(find_checkpoint("tiny"), changed)
    return changed


@pytest.fixture(scope="module")
def measured(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Measured once; a fixture of the module comes before the one that sets the folders."""
    checkpoint = read_checkpoint(shared_dir / "checkpoints" / "tiny")
    images = load_labelled_images(
        [read_catalog(shared_dir / "data" / "drawn")],
        checkpoint.manifest.preprocessing,
        cache_dir=tmp_path_factory.mktemp("cache"),
    )
    images = images.of_dataset("drawn")
    return evaluate(checkpoint, images, dataset="drawn", fingerprint="", split="all", device="cpu")


def _place(label: int, is_wrong: bool) -> float:
    return 0.9 if (label == 1) != is_wrong else 0.1


def find_tiles(page) -> list[str]:
    return [button.key for button in page.button if button.key and button.key.startswith("closer_")]


def test_without_evaluation_it_says_what_to_do(open_page: Open) -> None:
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert "No evaluation yet" in read_text(page)
    assert "Evaluate on drawn phantoms" in [button.label for button in page.button]


def test_figures_come_with_interval_and_n(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(open_page(PAGE))
    assert "**3 of 12** radiographs were called wrongly" in text
    metric = evaluation.metrics["auroc"]
    assert f"{metric.low:.2f} to {metric.high:.2f}, n = 12" in text


def test_gallery_shows_the_wrong_ones_and_filters_them(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert len(find_tiles(page)) == 3
    page.segmented_control(key="kind").set_value("Missed fractures").run()
    assert len(find_tiles(page)) == 1
    page.segmented_control(key="kind").set_value("False alarms").run()
    assert len(find_tiles(page)) == 2


def test_filter_is_read_from_the_address(open_page: Open, evaluation: Evaluation) -> None:
    assert len(find_tiles(open_page(PAGE, kind="False alarms"))) == 2


def test_selected_image_is_shown_large_and_leads_on(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    page.button(key="closer_0").click().run()
    assert not page.exception and not page.error
    assert not find_tiles(page)
    assert "1 of 3" in read_text(page)
    name = page.query_params["image"]
    page.button(key="to_Next").click().run()
    assert "2 of 3" in read_text(page) and page.query_params["image"] != name
    page.button(key="to_tiles").click().run()
    assert len(find_tiles(page)) == 3 and "image" not in page.query_params


def test_image_opens_by_its_address(open_page: Open, evaluation: Evaluation) -> None:
    missed = next(item for item in evaluation.predictions if item.kind == "missed fracture")
    page = open_page(PAGE, image=missed.name)
    assert not page.exception and not page.error
    assert "Missed fracture" in [item.value for item in page.subheader]
    assert "p = 0.10" in read_text(page)


def test_without_the_images_table_and_figures_stay(
    open_page: Open, evaluation: Evaluation, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "nowhere"))
    get_settings.cache_clear()
    page = open_page(PAGE)
    assert not page.exception and not page.error
    text = read_text(page)
    assert "The pictures are not on this machine" in text and "nowhere" in text
    assert not find_tiles(page)
    assert len(page.dataframe[-1].value) == 3


def test_no_failures_says_so(open_page: Open, evaluation: Evaluation) -> None:
    right = tuple(item.model_copy(update={"correct": True}) for item in evaluation.predictions)
    keep_evaluation(find_checkpoint("tiny"), evaluation.model_copy(update={"predictions": right}))
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert "No failures here" in read_text(page)


def test_home_shows_the_figures_too(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(open_page("streamlit_app.py"))
    assert "drawn, all" in text and "Sensitivity" in text


def test_leaky_evaluation_carries_its_mark_on_every_figure(open_page: Open, evaluation: Evaluation) -> None:
    leaks = Leaks(radiographs=2, files=4, first=("a.png",))
    keep_evaluation(find_checkpoint("tiny"), evaluation.model_copy(update={"as_published": True, "leaks": leaks}))
    page = open_page(PAGE, evaluation="drawn, all, AS PUBLISHED: leaks 2 radiographs (4 of 12 files)")
    assert not page.exception and not page.error
    text = read_text(page)
    assert text.count("fx-mark") == text.count("fx-figure-value") > 6
    assert "too good to be expected" in text


def test_all_figures_are_under_one_fold(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    text = read_text(page)
    for word in ("Three-way calls", "Operating points", "Calibration", "Net benefit"):
        assert word in text
    assert len(page.get("plotly_chart")) == 4  # no region, view or hardware is known of the drawn files


def test_evaluation_from_before_these_figures_is_still_shown(open_page: Open, evaluation: Evaluation) -> None:
    old = evaluation.model_copy(
        update={"operating_points": {}, "calls": None, "subgroups": (), "calibration": None, "decision_curve": ()}
    )
    keep_evaluation(find_checkpoint("tiny"), old)
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert "3 of 12" in read_text(page) and "Three-way calls" not in read_text(page)
