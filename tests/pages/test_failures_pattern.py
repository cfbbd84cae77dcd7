"""The gallery's pattern, comparison, exports and hand over."""

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from fracture_core.base.background.states import BackgroundTask
from fracture_core.base.files import write_json
from fracture_core.base.settings import get_settings
from fracture_core.datasets.sources import REVIEWED_DATASET
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.doors.cli import main
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks.checkpoints import find_checkpoint
from tests.pages.conftest import Open, read_text
from tests.pages.failure_world import (
    FALSE_ALARM,
    MISSED,
    PAGE,
    RIGHT,
    SECOND_ALARM,
    is_calm,
    keep,
    list_names,
    list_tiles,
    make_evaluation,
)
from tests.tiny_world import make_checkpoint


@pytest.fixture(scope="module")
def made(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return make_evaluation(shared_dir, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def evaluation(made: Evaluation) -> Evaluation:
    return keep(made)


def test_each_part_of_the_pattern_is_there_when_it_is_asked_for(open_page: Open, evaluation: Evaluation) -> None:
    charts = {"where": 4, "calls": 1, "curves": 2, "labels": 0}
    for part, count in charts.items():
        page = open_page(PAGE, pattern=part)
        assert is_calm(page)
        assert len(page.get("plotly_chart")) == count, part
    assert not open_page(PAGE).get("plotly_chart")
    assert "turned on purpose" in read_text(page) or "look at all of them" in read_text(page)


def test_a_cell_of_the_confusion_matrix_filters_and_lets_go_again(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, pattern="calls")
    page.button(key="fx_confusion_1_negative").click().run()
    assert is_calm(page) and list_names(page) == [MISSED]
    assert dict(page.query_params) == {"pattern": "calls", "calls": "negative", "labels": "fractured", "show": "all"}
    page.button(key="fx_confusion_1_negative").click().run()
    assert dict(page.query_params) == {"pattern": "calls"} and len(list_names(page)) == 3


@pytest.mark.parametrize(
    ("part", "chart", "data", "expected"),
    [
        ("where", "fx_slices_region", ["hand"], {"regions": "hand"}),
        (
            "calls",
            "fx_scores",
            [0.85, 0.9, 0, 1],
            {"p_from": "0.85", "p_to": "0.9", "labels": "not fractured", "show": "all"},
        ),
        ("curves", "fx_roc", [0.4], {"p_from": "0.35", "p_to": "0.45", "show": "all", "order": "distance"}),
    ],
)
def test_a_click_on_a_chart_sets_the_filter(
    open_page: Open,
    evaluation: Evaluation,
    part: str,
    chart: str,
    data: list[object],
    expected: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    callbacks = {}

    def draw(figure: object, key: str, on_select: object, **kwargs: object) -> None:
        callbacks[key] = on_select

    monkeypatch.setattr(st, "plotly_chart", draw)
    page = open_page(PAGE, pattern=part)
    assert is_calm(page)
    follow = callbacks[f"{chart}_0"]
    params: dict[str, str] = {}
    monkeypatch.setattr(
        st, "session_state", {f"{chart}_0": SimpleNamespace(selection=SimpleNamespace(points=[{"customdata": data}]))}
    )
    monkeypatch.setattr("ui.shared.address.go", lambda **changes: params.update(changes))
    follow()
    assert {name: value for name, value in params.items() if value} == expected


def test_against_another_model(
    open_page: Open, evaluation: Evaluation, own_checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(own_checkpoints / "other", seed=5)
    monkeypatch.setenv("FRACTURE_DEFAULT_CHECKPOINT", "tiny")
    get_settings.cache_clear()
    other = find_checkpoint("other")
    turned = {MISSED: True, RIGHT: False}
    predictions = tuple(
        item.model_copy(update={"correct": turned.get(item.name, item.correct)}) for item in evaluation.predictions
    )
    changes = {"checkpoint": "other", "weights_sha256": other.manifest.weights_sha256, "predictions": predictions}
    keep_evaluation(other, evaluation.model_copy(update=changes))
    page = open_page(PAGE, against="other")
    assert is_calm(page)
    assert "1 of its failures are fixed, 1 are new, 2 are still wrong" in read_text(page)
    assert list_names(open_page(PAGE, against="other", changes="new")) == [MISSED]
    assert list_names(open_page(PAGE, against="other", changes="fixed")) == [RIGHT]
    marks = {tile["name"]: tile["marks"] for tile in list_tiles(page)}
    assert marks[MISSED] == ["new"] and marks[SECOND_ALARM] == ["still wrong"]


def test_the_view_goes_out_as_a_zip(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, kinds="false alarm")
    page.button(key="fx_zip_make").click().run()
    assert is_calm(page)
    assert "2 images, 2 heatmaps" in read_text(page)
    (path,) = (get_settings().state_dir / "exports").glob("*.zip")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        table = archive.read("failures.csv").decode()
    assert FALSE_ALARM in table and MISSED not in table


def test_train_on_these_next_hands_over(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, image=MISSED)
    assert page.button(key="fx_one_hand_over").disabled  # nobody has said who it is
    page.text_input(key="fx_who_field_fx_one").set_value("Dr Test").run()
    page.button(key="fx_one_hand_over").click().run()
    assert is_calm(page)
    assert [item.value for item in page.success] == ["1 is in the data set reviewed now."]
    assert (get_settings().state_dir / REVIEWED_DATASET / "manifest.csv").is_file()
    assert REVIEWED_DATASET in open_page("pages/3_Retrain.py", data=REVIEWED_DATASET).multiselect(key="data").value


def test_the_frozen_test_side_is_refused_with_the_reason(
    open_page: Open, evaluation: Evaluation, own_checkpoints: Path
) -> None:
    sides = {"drawn": {"train": (RIGHT,), "val": (), "test": (MISSED, FALSE_ALARM)}}
    write_json(own_checkpoints / "tiny" / "split.json", SplitFile(datasets=sides).model_dump(mode="json"))
    page = open_page(PAGE, image=MISSED)
    page.text_input(key="fx_who_field_fx_one").set_value("Dr Test").run()
    page.button(key="fx_one_hand_over").click().run()
    assert is_calm(page) and not page.success
    assert "on the test side of 'tiny'" in page.info[-1].value.replace("\\", "")


def test_nearest_training_images_say_what_is_missing(
    open_page: Open, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(PAGE, image=MISSED)
    page.session_state["fx_nearest"] = True
    page.run()
    assert is_calm(page)
    spawned: list[BackgroundTask] = []
    monkeypatch.setattr("fracture_core.base.background.begin._spawn", spawned.append)
    page.button(key="fx_nearest_build").click().run()
    assert is_calm(page) and page.button(key=f"fx_cancel_{spawned[0].key}")
    assert main(["neighbours", "--checkpoint", "tiny"]) == 1
    page.run()
    assert not page.exception and len(page.error) == 1  # this model's training images are not here
    assert "no record of the images" in page.error[0].value
