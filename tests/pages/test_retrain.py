"""Starting and watching a training; no training runs here, the browser tests do that."""

import pytest

from fracture_core.runs import RunFolder, TrainingRequest, create_run, now
from tests.pages.conftest import Open, read_text

PAGE = "pages/3_Retrain.py"


@pytest.fixture
def finished_run() -> RunFolder:
    folder = create_run(TrainingRequest(data=("phantoms",), recipe="quick"))
    for step in range(5, 45, 5):
        folder.append_metrics(step, step // 20, {"train_loss": 1 / step, "images_per_s": 30.0})
    for epoch in range(2):
        folder.append_metrics(20 * (epoch + 1), epoch, {"val_accuracy": 0.6 + 0.1 * epoch, "val_auroc": 0.8})
    folder.update_state(status="finished", epoch=2, epochs=2, step=40, total_steps=40, val_accuracy=0.7, ended_at=now())
    return folder


def test_without_runs_it_says_so(open_page: Open) -> None:
    page = open_page(PAGE)
    assert not page.exception and not page.error
    assert "No run yet" in read_text(page)
    assert page.multiselect(key="data").options == ["drawn", "phantoms"]


def test_form_asks_for_what_was_set(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[TrainingRequest] = []

    def start(request: TrainingRequest) -> str:
        asked.append(request)
        return create_run(request).id

    monkeypatch.setattr("fracture_core.jobs.start_training", start)
    page = open_page(PAGE)
    page.number_input(key="epochs_quick").set_value(3)
    page.number_input(key="seed").set_value(7)
    page.selectbox(key="size_quick").set_value(64)
    page.button(key="start").click().run()
    assert not page.exception and not page.error
    request = asked[0]
    assert (request.data, request.recipe, request.epochs, request.seed) == (("phantoms",), "quick", 3, 7)
    assert request.input_size_px == 64
    assert "run" in page.query_params
    assert page.button(key="start").disabled  # one at a time
    assert page.button(key="stop")


def test_recipe_sets_the_fields(open_page: Open) -> None:
    page = open_page(PAGE)
    page.segmented_control(key="recipe").set_value("paper").run()
    assert page.number_input(key="epochs_paper").value == 30


def test_start_waits_for_data(open_page: Open) -> None:
    page = open_page(PAGE)
    page.multiselect(key="data").set_value([]).run()
    assert page.button(key="start").disabled
    page.text_input(key="folder").set_value("/some/folder").run()
    assert not page.button(key="start").disabled


def test_finished_run_shows_curves_and_leads_on(open_page: Open, finished_run: RunFolder) -> None:
    page = open_page(PAGE, run=finished_run.id)
    assert not page.exception and not page.error
    text = read_text(page)
    assert "Epoch 2 of 2, step 40 of 40" in page.progress[0].text
    assert "0.700" in text and "0.800" in text
    assert len(page.get("plotly_chart")) == 2
    assert "[Read radiographs with this model](/Diagnose)" in text  # a plain link where the page runs on its own
    assert list(page.dataframe[0].value["Run"]) == [finished_run.id]


def test_failed_run_says_why(open_page: Open, finished_run: RunFolder) -> None:
    finished_run.update_state(status="failed", reason="The disk is full.")
    page = open_page(PAGE)  # the newest is shown where the address names none
    assert not page.exception
    assert page.error[0].value == "The disk is full."
    assert page.button(key="resume")


def test_unknown_run_is_a_clear_error(open_page: Open, finished_run: RunFolder) -> None:
    page = open_page(PAGE, run="nonesuch")
    assert not page.exception
    assert "nonesuch" in page.error[0].value
    assert len(page.dataframe[0].value) == 1  # the list of runs is still there
