"""Starting, watching and comparing trainings; no training runs here, the browser tests do that."""

import io
import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from fracture_core.base.settings import get_settings
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.training.runs.run import MetricPoint, Run, TrainingRequest, create_run, get_utc_now
from tests.pages.conftest import Open, read_text
from tests.tiny_world import write_dataset

PAGE = "pages/3_Retrain.py"
QUICK = TrainingRequest(data=("phantoms",), recipe="quick")


def make_run(status: str = "finished", request: TrainingRequest = QUICK, **changes: object) -> Run:
    """Make a run of two epochs as a training would have left it."""
    run = create_run(request)
    points = [MetricPoint(step, step // 20, "train_loss", 1 / step) for step in range(5, 45, 5)]
    points += [MetricPoint(step, step // 20, "images_per_s", 30.0) for step in range(5, 45, 5)]
    for epoch in range(2):
        points.append(MetricPoint(20 * (epoch + 1), epoch, "val_accuracy", 0.6 + 0.1 * epoch))
        points.append(MetricPoint(20 * (epoch + 1), epoch, "val_auroc", 0.8))
    began = get_utc_now() - timedelta(minutes=5)
    state: dict[str, object] = {
        "status": status,
        "epoch": 2,
        "epochs": 2,
        "step": 40,
        "total_steps": 40,
        "device": "cpu",
        "val_accuracy": 0.7,
        "val_auroc": 0.8,
        "started_at": began,
        "ended_at": began + timedelta(minutes=3),
    }
    run.write(state | changes, points)
    if status == "finished":
        shutil.copytree(get_settings().checkpoints_dir / "tiny", run.result_path)
    return run


@pytest.fixture
def finished_run() -> Run:
    return make_run()


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started; a run that was to start waits."""
    monkeypatch.setattr("fracture_core.training.jobs._spawn", lambda run: None)


def list_tiles(page: object) -> dict[str, str]:
    return {tile.label: tile.value for tile in page.metric}  # type: ignore[attr-defined]


def test_without_runs_it_says_so(open_page: Open) -> None:
    page = open_page(PAGE)
    assert not page.exception and not page.error
    text = read_text(page)
    assert "No run yet" in text and "reviewed in this app" in text and "none yet" in text
    assert page.multiselect(key="data").options == ["drawn", "phantoms"]


def test_form_asks_for_what_was_set(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[TrainingRequest] = []

    def start(request: TrainingRequest) -> str:
        asked.append(request)
        return create_run(request).id

    monkeypatch.setattr("ui.retrain.page.start_training", start)
    page = open_page(PAGE)
    page.number_input(key="epochs_quick").set_value(3)
    page.number_input(key="seed").set_value(7)
    page.selectbox(key="size_quick").set_value(64)
    page.selectbox(key="augmentation").set_value("flips")
    page.selectbox(key="initial_quick").set_value("random")
    page.number_input(key="threads").set_value(1)
    page.checkbox(key="test").uncheck()
    page.button(key="start").click().run()
    assert not page.exception and not page.error
    request = asked[0]
    assert (request.data, request.recipe, request.epochs, request.seed) == (("phantoms",), "quick", 3, 7)
    assert (request.input_size_px, request.augmentation, request.initial) == (64, "flips", "random")
    assert (request.threads, request.devices, request.test, request.teacher) == (1, 1, False, None)
    assert "run" in page.query_params


def test_a_second_training_goes_into_the_queue(open_page: Open, no_process: None) -> None:
    page = open_page(PAGE)
    page.button(key="start").click().run()
    assert page.button(key="start").label == "Put into the queue"
    assert page.button(key="stop").label == "Leave the queue"
    assert "begins within seconds" in page.info[0].value
    page.button(key="start").click().run()
    assert not page.exception and not page.error
    assert "Number 2 in the queue: one other is to begin before it" in page.info[0].value
    assert list(page.dataframe[0].value["Status"]) == ["queued", "queued"]


def test_leaving_the_queue_is_asked_of_the_run(open_page: Open, no_process: None) -> None:
    run = create_run(QUICK)
    page = open_page(PAGE)
    page.button(key="stop").click().run()
    assert run.read_state().stop_requested
    assert page.button(key="stop").disabled
    assert "can be resumed" in page.info[0].value


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


def test_start_waits_for_what_a_recipe_needs(open_page: Open) -> None:
    page = open_page(PAGE)
    page.segmented_control(key="recipe").set_value("default").run()
    assert "taught by the checkpoint 'efficientnet-lite0', which is not on this machine" in page.info[0].value.replace(
        "\\", ""
    )
    assert page.button(key="start").disabled
    page.selectbox(key="teacher_default").set_value("").run()
    assert not page.button(key="start").disabled


def test_data_that_cannot_be_opened_is_a_clear_error(open_page: Open, no_process: None) -> None:
    page = open_page(PAGE)
    page.multiselect(key="data").set_value([])
    page.text_input(key="folder").set_value("/some/folder").run()
    page.button(key="start").click().run()
    assert not page.exception
    assert "/some/folder" in page.error[0].value and "nor a folder or zip" in page.error[0].value


def zip_dataset(folder: Path) -> bytes:
    write_dataset(folder, count=8)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder.parent))
    return buffer.getvalue()


def test_uploaded_zip_is_trained_on_by_its_path(
    open_page: Open, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TrainingRequest] = []
    monkeypatch.setattr(
        "ui.retrain.page.start_training", lambda request: asked.append(request) or create_run(request).id
    )
    page = open_page(PAGE)
    page.multiselect(key="data").set_value([])
    page.file_uploader(key="upload").upload("ours.zip", zip_dataset(folders / "ours"), "application/zip").run()
    page.button(key="start").click().run()
    assert not page.exception and not page.error
    (path,) = asked[0].data
    assert Path(path).parent == folders / "state" / "uploads" and path.endswith("-ours.zip")


def test_uploaded_zip_without_a_data_set_is_a_clear_error(open_page: Open) -> None:
    page = open_page(PAGE)
    page.multiselect(key="data").set_value([])
    page.file_uploader(key="upload").upload("cut.zip", b"PK\x03\x04", "application/zip").run()
    assert not page.exception
    assert "cut.zip is no zip, or is damaged" in page.error[0].value
    assert page.button(key="start").disabled


def test_checked_data_shows_verdict_split_and_time(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(request=QUICK.model_copy(update={"input_size_px": 64}))
    audited: list[str] = []
    monkeypatch.setattr(
        "fracture_core.datasets.audit_dataset",
        lambda catalog, **options: audited.append(catalog.name) or audit_dataset(catalog, **options),
    )
    page = open_page(PAGE)
    page.multiselect(key="data").set_value(["drawn"])
    page.selectbox(key="size_quick").set_value(64).run()
    assert "once the data has been checked" in read_text(page)
    page.button(key="check").click().run()
    assert not page.exception and not page.error
    table = next(frame.value for frame in page.dataframe if "Side" in frame.value)
    assert list(table["Side"]) == ["training", "validation", "test"] and table["Files"].sum() == 12
    text = read_text(page)
    assert any("drawn" in box.value for box in (*page.success, *page.warning))
    assert "No group is on two sides" in text
    assert "Takes **about" in text and "30.0 images a second" in text
    page.button(key="check").click().run()
    assert audited == ["drawn"]  # its report is kept
    page.selectbox(key="size_quick").set_value(96).run()
    assert "once the data has been checked" in read_text(page)  # another size is decoded anew


def test_a_side_that_the_first_weights_learned_from_is_told(open_page: Open, own_checkpoints: Path) -> None:
    root = get_settings().data_dir / "drawn"
    names = [str(path.relative_to(root)) for path in root.rglob("*.png")]
    sides = {"train": names, "val": [], "test": []}
    split = json.dumps({"format_version": 1, "datasets": {"drawn": sides}})
    (own_checkpoints / "tiny" / "split.json").write_text(split)
    page = open_page(PAGE)
    page.multiselect(key="data").set_value(["drawn"])
    page.selectbox(key="size_quick").set_value(64).run()
    page.button(key="check").click().run()
    assert not any("were learned from" in box.value for box in page.warning), "the weights are random ones"
    page.selectbox(key="initial_quick").set_value("tiny").run()
    assert not any("Side" in frame.value for frame in page.dataframe), "other sides: the check is to be made again"
    page.button(key="check").click().run()
    told = [box.value for box in page.warning if "were learned from" in box.value]
    assert [text.split(":")[0] for text in told] == ["Validation", "Test"]


def test_without_an_earlier_run_a_step_is_measured(open_page: Open) -> None:
    page = open_page(PAGE)
    page.multiselect(key="data").set_value(["drawn"])
    page.selectbox(key="batch_quick").set_value(4)
    page.selectbox(key="size_quick").set_value(64).run()
    page.button(key="check").click().run()
    assert "No earlier run" in read_text(page)
    page.button(key="measure").click().run()
    assert not page.exception and not page.error
    assert "Takes **about" in read_text(page) and "s a step" in read_text(page)
    page.number_input(key="epochs_quick").set_value(5).run()
    assert "s a step" in read_text(page)  # other epochs need no new measuring


def test_finished_run_shows_curves_and_leads_on(open_page: Open, finished_run: Run) -> None:
    page = open_page(PAGE, run=finished_run.id)
    assert not page.exception and not page.error
    assert "Epoch 2 of 2, step 40 of 40" in page.progress[0].text
    assert list_tiles(page) == {
        "Validation accuracy": "0.700",
        "Validation AUROC": "0.800",
        "Training loss": "0.025",
        "Learning rate": "–",
        "Images per second": "30.0",
        "Memory": "–",
    }
    assert len(page.get("vega_lite_chart")) == 2
    # a plain link where the page runs on its own
    assert "[Read radiographs with this model](/Diagnose?model=" in read_text(page)
    row = page.dataframe[0].value.iloc[0]
    assert (row["Run"], row["Status"], row["Epoch"], row["Duration"]) == (
        finished_run.id,
        "finished",
        "2 of 2",
        "3 min",
    )


def test_failed_run_says_why_and_what_to_do(open_page: Open, finished_run: Run) -> None:
    finished_run.update_state(status="failed", reason="The disk is full.")
    finished_run.result_path.rename(finished_run.directory / "elsewhere")
    page = open_page(PAGE)  # the newest is shown where the address names none
    assert not page.exception
    assert page.error[0].value == "The disk is full."
    assert page.button(key="resume").label == "Try again" and "from the beginning" in read_text(page)
    finished_run.resume_path.write_bytes(b"saved")
    page.run()
    assert page.button(key="resume").label == "Resume training" and "last saved step" in read_text(page)
    finished_run.resume_path.unlink()
    (finished_run.directory / "elsewhere").rename(finished_run.result_path)  # killed after it was there
    page.run()
    assert page.button(key="resume").label == "Resume training" and "model is there already" in read_text(page)


def test_resumed_run_waits_its_turn(open_page: Open, finished_run: Run, no_process: None) -> None:
    finished_run.update_state(status="stopped", reason="Stopped as asked; it can be resumed.")
    page = open_page(PAGE)
    assert page.info[0].value == "Stopped as asked; it can be resumed."
    page.button(key="resume").click().run()
    assert finished_run.read_state().status == "queued"
    assert page.button(key="stop").label == "Leave the queue"


def test_a_run_asked_to_stop_says_what_happens(open_page: Open) -> None:
    run = make_run("running", host="another-machine", ended_at=None, seconds_left=90.0, step=30, epoch=2)
    page = open_page(PAGE, run=run.id)
    assert "about 2 min left" in page.progress[0].text
    page.button(key="stop").click().run()
    assert page.button(key="stop").disabled and "finishes the batch" in page.info[0].value


def test_unknown_run_is_a_clear_error(open_page: Open, finished_run: Run) -> None:
    page = open_page(PAGE, run="nonesuch")
    assert not page.exception
    assert "nonesuch" in page.error[0].value
    assert len(page.dataframe[0].value) == 1  # the list of runs is still there


def choose(page: object, *runs: Run) -> None:
    page.session_state["fx_chosen_runs"] = [run.id for run in runs]  # type: ignore[attr-defined]
    page.run()  # type: ignore[attr-defined]


def test_several_runs_are_compared(open_page: Open, finished_run: Run) -> None:
    other = make_run(request=QUICK.model_copy(update={"seed": 5, "batch_size": 8}))
    page = open_page(PAGE)
    choose(page, finished_run, other)
    assert not page.exception and not page.error
    assert "2 runs compared" in read_text(page)
    assert len(page.get("vega_lite_chart")) == 3
    different = next(frame.value for frame in page.dataframe if "seed" in frame.value.index)
    assert list(different.index) == ["batch_size", "seed"]
    assert sorted(different.loc["batch_size"]) == ["16", "8"]


def test_exports_are_offered(open_page: Open, finished_run: Run) -> None:
    page = open_page(PAGE)
    assert [button.label for button in page.get("download_button")] == ["CSV", "TensorBoard"]


def test_long_runs_are_thinned_for_the_screen(open_page: Open) -> None:
    from ui.retrain.curves import DRAWN_POINTS, build_curves, thin

    values = pd.Series(range(15_000)) % 997 / 997
    values[7_321] = 9.0  # a spike must not be lost
    metrics = pd.DataFrame({"step": range(15_000), "epoch": 0, "name": "train_loss", "value": values})
    curve = build_curves(metrics, {"train_loss": "loss"}, 0.9)
    assert len(curve) <= DRAWN_POINTS and curve["raw"].max() == 9.0
    assert (curve["step"].iloc[0], curve["step"].iloc[-1]) == (0, 14_999)
    assert list(thin(values.to_numpy()[:5], 10)) == [0, 1, 2, 3, 4]


def test_smoothing_is_a_mean_that_forgets(open_page: Open) -> None:
    from ui.retrain.curves import smooth

    values = pd.Series([1.0, 0.0, 0.0])
    assert list(smooth(values, 0.0)) == [1.0, 0.0, 0.0]
    assert smooth(values, 0.5).tolist() == pytest.approx([1.0, 1 / 3, 1 / 7])
