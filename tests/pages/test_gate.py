"""The gate on the page: compare, promote, roll back; and what an open session says of it."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import get_settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.gate.promote import promote_checkpoint, roll_back_promotion
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.networks.serving import find_served_name, list_serving_history
from fracture_core.training.runs.run import Run, TrainingRequest, create_run, get_utc_now
from tests.gate_world import make_model, write_drawn
from tests.pages.conftest import Open, read_text

DIAGNOSE = "pages/1_Diagnose.py"
LONG = "The ward wants to try it on its own films first."
SCRIPT = """
import streamlit as st
from fracture_core.training.runs.run import find_run
from ui.shared.frame import RETRAIN, show_frame
from ui.retrain.gate_view import show_gate

show_frame(RETRAIN)
show_gate(find_run(st.query_params["run"]).read_state())
"""


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawn(tmp_path_factory.mktemp("gate_page") / "drawn")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate_page_cache")


@pytest.fixture(autouse=True)
def machine(folders: Path, drawn: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a data set and a model in use; caches are shared, for what is in them is told by its name."""
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(folders / "checkpoints"))
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(folders / "data"))
    monkeypatch.setenv("FRACTURE_DEFAULT_CHECKPOINT", "veteran")
    get_settings.cache_clear()
    shutil.copytree(drawn, folders / "data" / "drawn")
    get_settings().state_dir.mkdir()
    (get_settings().state_dir / "cache").symlink_to(cache)
    make_model(folders / "checkpoints" / "veteran", seed=1, skill=1.0)
    return folders


def finish_run(*, seed: int, skill: float, compared: bool = True) -> Run:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    make_model(run.result_path, seed=seed, skill=skill)
    run.update_state(status="finished", ended_at=get_utc_now())
    if compared:
        build_gate_report(find_checkpoint(run.id), find_champion())
    return run


def open_gate(run: Run, **query: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=90)
    for name, value in {"run": run.id, **query}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str, who: str, reason: str) -> AppTest:
    page.text_input(key=f"{key}_who").set_value(who)
    page.text_input(key=f"{key}_reason").set_value(reason)
    return page.button(key=key).click().run()


def test_compare_promote_and_roll_back() -> None:
    run = finish_run(seed=5, skill=1.0, compared=False)
    page = open_gate(run)
    assert "Not compared yet" in read_text(page) and "veteran**, by the settings" in read_text(page)
    page.button(key="gate_compare").click().run()
    text = read_text(page)
    assert "Not worse than the model in use" in text and "24 test radiographs of 24 independent groups" in text
    assert "bootstrap over groups" in text
    assert "promote_force" not in [box.key for box in page.checkbox]

    press(page, "promote", "Ada", "reads hands better")
    assert not page.error and find_served_name() == run.id
    text = read_text(page)
    assert "This model is in use" in text
    assert f"Model in use is now {run.id}, promoted by Ada" in text
    assert list(page.dataframe[0].value["Reason"]) == ["reads hands better"]

    press(page, "rollback", "Bob", "misses hips")
    assert not page.error and find_served_name() == "veteran"
    assert [record.action for record in list_serving_history()] == ["promote", "rollback"]
    assert "Model in use is now veteran, taken back into use by Bob" in read_text(page)
    assert "no model before it" in read_text(page)


def test_a_worse_model_is_promoted_only_against_the_verdict() -> None:
    run = finish_run(seed=3, skill=-1)
    page = open_gate(run)
    assert page.warning[0].value.startswith("**Worse than the model in use")
    press(page, "promote", "Ada", LONG)
    assert "The gate speaks against" in page.error[0].value and find_served_name() == "veteran"
    page.checkbox(key="promote_force").check()
    press(page, "promote", "Ada", "because")
    assert "20 characters" in page.error[0].value and find_served_name() == "veteran"
    press(page, "promote", "Ada", LONG)
    assert not page.error and find_served_name() == run.id
    assert list(page.dataframe[0].value["Verdict"]) == ["worse, forced"]


def test_without_a_name_or_a_reason_nothing_happens() -> None:
    page = open_gate(finish_run(seed=5, skill=1.0))
    press(page, "promote", "", "reads hands better")
    assert "who decides" in page.error[0].value
    press(page, "promote", "Ada", "")
    assert "reason is missing" in page.error[0].value
    assert list_serving_history() == []


def test_who_looked_at_another_model_in_use_is_told() -> None:
    first, second = finish_run(seed=5, skill=1.0), finish_run(seed=2, skill=3)
    page = open_gate(first)
    promote_checkpoint(second.id, who="Bob", reason="better")
    press(page, "promote", "Ada", "reads hands better")
    assert find_served_name() == second.id  # what Ada saw was about another one: she is asked to compare anew
    assert "Not compared yet" in read_text(page)


def test_of_two_who_roll_back_at_once_the_second_is_told() -> None:
    second = finish_run(seed=2, skill=3, compared=False)
    for run in (finish_run(seed=5, skill=1.0), second):
        build_gate_report(find_checkpoint(run.id), find_champion())
        promote_checkpoint(run.id, who="Ada", reason="reads hands better")
    page = open_gate(second)
    first = roll_back_promotion(who="Bob", reason="misses hips").checkpoint
    press(page, "rollback", "Ada", "misses hips")
    assert find_served_name() == first  # and not the one before it, which nobody asked for
    assert "not the one you saw" in page.error[0].value
    press(page, "rollback", "Ada", "that one too")
    assert find_served_name() == "veteran" and not page.error


def test_a_click_never_promotes_a_run_that_came_since() -> None:
    seen = finish_run(seed=5, skill=1.0)
    page = open_gate(seen)
    page.query_params["run"] = finish_run(seed=2, skill=3).id  # as the page does without ?run=, where a newer one ended
    press(page, "promote", "Ada", "reads hands better")
    assert list_serving_history() == [] and "moved on" in page.error[0].value
    press(page, "promote", "Ada", "reads hands better")
    assert len(list_serving_history()) == 1 and not page.error


def test_who_saw_figures_beside_another_model_decides_anew() -> None:
    run, other = finish_run(seed=5, skill=1.0), finish_run(seed=2, skill=3)
    page = open_gate(run)
    promote_checkpoint(other.id, who="Bob", reason="better")
    build_gate_report(find_checkpoint(run.id), find_champion())
    press(page, "promote", "Ada", LONG)
    assert find_served_name() == other.id and "not the one you saw" in page.error[0].value


@pytest.mark.parametrize(("way", "right"), [(0, True), (1, False)])
def test_radiographs_that_one_alone_gets_right(way: int, right: bool) -> None:
    run = finish_run(seed=7, skill=1.0)
    report = build_gate_report(find_checkpoint(run.id), find_champion())
    wanted = [item for item in report.frozen[0].disputed if item.candidate_is_right == right]
    page = open_gate(run)
    before = len(page.get("image"))  # no picture was asked for yet
    control = page.segmented_control(key="gate_way_frozen")
    assert f"({len(wanted):,})" in control.options[way]
    control.set_value(control.options[way]).run()
    assert not page.exception and not page.error
    text = read_text(page)
    assert wanted and all(Path(item.name).name in text for item in wanted[:8])
    assert len(page.get("image")) == before + min(8, len(wanted))


def test_pictures_that_are_elsewhere(machine: Path) -> None:
    run = finish_run(seed=7, skill=1.0)
    shutil.rmtree(machine / "data" / "drawn")
    page = open_gate(run)
    control = page.segmented_control(key="gate_way_frozen")
    control.set_value(control.options[0]).run()
    assert "The pictures are not on this machine" in read_text(page) and not page.exception


def test_run_that_has_not_finished_shows_no_gate() -> None:
    page = open_gate(create_run(TrainingRequest(data=("drawn",))))
    assert "Beside the model in use" not in read_text(page)


def test_roll_back_is_there_without_a_finished_run(open_page: Open) -> None:
    promote_checkpoint(finish_run(seed=5, skill=1.0).id, who="Ada", reason="reads hands better")
    shutil.rmtree(get_settings().state_dir / "runs")
    page = open_gate(create_run(TrainingRequest(data=("drawn",))))
    assert "Beside the model in use" not in read_text(page)
    press(page, "rollback", "Bob", "its folder has gone")
    assert find_served_name() == "veteran"


def test_result_that_has_gone_is_told() -> None:
    run = finish_run(seed=5, skill=1.0)
    shutil.rmtree(run.result_path)
    assert "There is no checkpoint called" in open_gate(run).error[0].value


def test_open_session_takes_up_the_new_model_and_says_so_once(open_page: Open) -> None:
    run = finish_run(seed=5, skill=1.0)
    page, linked = open_page(DIAGNOSE), open_page(DIAGNOSE, model="veteran")
    assert "<b>veteran</b>" in read_text(page) and "is now" not in read_text(page)
    promote_checkpoint(run.id, who="Ada", reason="reads hands better")
    page.run()
    text = read_text(page)
    assert f"<b>{run.id}</b>" in text and "promoted by Ada" in text and "instead of veteran" in text
    assert [toast.value for toast in page.toast] == [f"Model in use is now {run.id}"]
    page.run()
    assert f"<b>{run.id}</b>" in read_text(page) and "promoted by Ada" not in read_text(page)
    linked.run()
    assert "<b>veteran</b>" in read_text(linked) and "promoted by Ada" not in read_text(linked)
    roll_back_promotion(who="Bob", reason="misses hips")
    page.run()
    assert "<b>veteran</b>" in read_text(page) and "taken back into use by Bob" in read_text(page)


def test_new_session_is_told_nothing(open_page: Open) -> None:
    promote_checkpoint(finish_run(seed=5, skill=1.0).id, who="Ada", reason="reads hands better")
    assert "promoted by Ada" not in read_text(open_page(DIAGNOSE))


def test_model_in_use_that_has_gone_is_not_silently_replaced(open_page: Open) -> None:
    run = finish_run(seed=5, skill=1.0)
    promote_checkpoint(run.id, who="Ada", reason="reads hands better")
    shutil.rmtree(run.result_path)
    page = open_page(DIAGNOSE)
    assert not page.exception
    assert "its folder has gone" in page.error[0].value and "rollback" in page.error[0].value
    assert "No model in use" in read_text(page) and "<b>veteran</b>" not in read_text(page)
    page.selectbox(key="fx_model").set_value("veteran").run()
    assert "<b>veteran</b>" in read_text(page) and not page.error
