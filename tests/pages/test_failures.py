"""The failure gallery: what is chosen by the address, what it says where there is nothing, what a person can do."""

import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.background.begin import list_arguments
from fracture_core.base.background.states import BackgroundTask
from fracture_core.base.background.work import working_on_task
from fracture_core.base.errors import LeakError
from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from fracture_core.evaluation.records import Evaluation, Leaks
from fracture_core.failures.reviews.read import read_history, read_reviews
from fracture_core.failures.reviews.write import add_tag, mark_reviewed, propose_label
from fracture_core.networks.checkpoints import find_checkpoint
from tests.pages.conftest import Open, read_text
from tests.pages.failure_world import (
    FALSE_ALARM,
    MISSED,
    PAGE,
    RIGHT,
    SECOND_ALARM,
    UNSURE,
    find_button,
    has_button,
    is_calm,
    keep,
    list_names,
    list_tiles,
    make_evaluation,
)
from ui.failures.evaluate import build_task


@pytest.fixture(scope="module")
def made(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Measured once; a fixture of the module comes before the one that sets the folders."""
    return make_evaluation(shared_dir, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def evaluation(made: Evaluation) -> Evaluation:
    return keep(made)


def sign(page: AppTest, key: str) -> None:
    """Give the name that is asked for once a session."""
    page.text_input(key=f"fx_who_field_{key}").set_value("Dr Test").run()


def test_without_evaluation_it_says_what_to_do(open_page: Open) -> None:
    page = open_page(PAGE)
    assert is_calm(page)
    assert "No evaluation yet" in read_text(page)
    assert "phantoms" in page.selectbox(key="fx_evaluate_data").options


def test_the_page_evaluates_in_the_background_and_shows_the_result(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[BackgroundTask] = []
    monkeypatch.setattr("fracture_core.base.background.begin._spawn", spawned.append)
    page = open_page(PAGE)
    page.selectbox(key="fx_evaluate_data").set_value("drawn").run()
    page.button(key="fx_evaluate").click().run()
    assert is_calm(page)
    task = spawned[0]
    assert page.button(key=f"fx_cancel_{task.key}")
    again = open_page(PAGE)  # as after a refresh, or in a second session
    assert is_calm(again) and again.button(key=f"fx_cancel_{task.key}")
    assert main([argument for argument in list_arguments(task) if argument != "--background"]) == 0
    again.run()
    again.button(key=f"fx_show_{task.key}").click().run()
    assert is_calm(again)
    assert again.query_params["evaluation"] == "drawn, test"
    assert again.selectbox(key="fx_evaluation").value == "drawn, test"


def test_an_evaluation_at_work_can_be_cancelled_and_its_error_is_told(open_page: Open, evaluation: Evaluation) -> None:
    task = build_task(find_checkpoint("tiny"), "drawn", "val", published=False)
    with pytest.raises(LeakError), working_on_task(task) as tell:
        tell("Reading radiographs", 3, 10)
        page = open_page(PAGE)
        assert is_calm(page) and list_names(page)
        assert "Reading radiographs: 3 of 10" in page.get("progress")[0].proto.text
        with pytest.raises(KeyboardInterrupt):
            page.button(key=f"fx_cancel_{task.key}").click().run()
            time.sleep(60)
        raise LeakError("It leaks.", "Give --as-published.")
    page.run()
    assert [item.value for item in page.error] == [
        "**Evaluating drawn, val**  \nIt leaks.  \nChoose another side, or tick “As published”\\: every figure "
        "then carries that mark."
    ]
    page.button(key=f"fx_dismiss_{task.key}").click().run()
    assert is_calm(page)


def test_figures_come_with_interval_and_n(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(open_page(PAGE))
    assert "3 of 12" in text and "1 missed, 2 false alarms" in text
    metric = evaluation.metrics["auroc"]
    assert f"{metric.low:.2f} to {metric.high:.2f}, n = 12" in text


def test_tiles_say_what_was_called_and_carry_a_picture(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    assert is_calm(page)
    tiles = {tile["name"]: tile for tile in list_tiles(page)}
    assert set(tiles) == {MISSED, FALSE_ALARM, SECOND_ALARM}
    assert tiles[MISSED]["title"] == "Missed fracture" and "p = 0.10" in tiles[MISSED]["call"]
    assert tiles[MISSED]["src"].startswith("data:image/") and "hand" in tiles[MISSED]["spoken"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"kinds": "missed fracture"}, [MISSED]),
        ({"kinds": "false alarm"}, [FALSE_ALARM, SECOND_ALARM]),
        ({"regions": "leg"}, [SECOND_ALARM]),
        ({"hardware": "visible"}, [MISSED]),
        ({"views": "lateral"}, [FALSE_ALARM]),
        ({"show": "uncertain"}, [UNSURE]),
        ({"p_from": "0.85"}, [FALSE_ALARM]),
        ({"search": "02"}, [SECOND_ALARM]),
        ({"order": "name", "labels": "not fractured"}, [FALSE_ALARM, SECOND_ALARM]),
        ({"show": "all", "calls": "uncertain"}, [UNSURE]),
        ({"show": "all", "family": "drawn/fractured/05"}, [RIGHT]),
    ],
)
def test_every_filter_is_read_from_the_address(
    open_page: Open, evaluation: Evaluation, query: dict[str, str], names: list[str]
) -> None:
    page = open_page(PAGE, **query)
    assert is_calm(page)
    assert list_names(page) == names


def test_filters_by_what_people_said(open_page: Open, evaluation: Evaluation) -> None:
    add_tag("drawn", [MISSED], "cast", "Dr Test")
    mark_reviewed("drawn", [FALSE_ALARM], True, "Dr Test")
    propose_label("drawn", [SECOND_ALARM], 1, "Dr Test")
    assert list_names(open_page(PAGE, tags="cast")) == [MISSED]
    assert list_names(open_page(PAGE, reviewed="yes")) == [FALSE_ALARM]
    assert list_names(open_page(PAGE, label_doubted="yes")) == [SECOND_ALARM]
    marks = {tile["name"]: tile["marks"] for tile in list_tiles(open_page(PAGE))}
    assert marks == {MISSED: ["cast"], FALSE_ALARM: ["reviewed"], SECOND_ALARM: ["label doubted"]}


def test_a_choice_goes_into_the_address(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    page.get("button_group")
    page.selectbox(key="fx_filter_order").set_value("name").run()
    page.text_input(key="fx_filter_search").set_value("0").run()
    page.slider(key="fx_filter_p").set_value((0.5, 1.0)).run()
    params = dict(page.query_params)
    assert params == {"order": "name", "search": "0", "p_from": "0.5"}
    assert list_names(page) == [FALSE_ALARM, SECOND_ALARM]
    page.button(key="fx_clear_active").click().run()
    assert list(page.query_params) == ["order"] and len(list_names(page)) == 3


def test_counts_and_shares_stand_beside_the_values(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE)
    options = {item.key: list(item.options) for item in page.get("button_group") if item.key}
    labels = " ".join(str(option) for option in options["fx_filter_kinds"])
    assert "2 · 67%" in labels and "1 · 33%" in labels


def test_bad_parameter_is_named_and_the_rest_works(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, kinds="nonsense", regions="hand", p_from="0.9", p_to="0.2", page="x")
    assert is_calm(page)
    text = read_text(page)
    assert "The filter 'kinds' cannot be 'nonsense'" in text and "missed fracture" in text
    assert sorted(list_names(page)) == sorted([MISSED, FALSE_ALARM])


def test_unknown_evaluation_and_image_are_named(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(page := open_page(PAGE, evaluation="elsewhere, test", image="gone.png"))
    assert is_calm(page)
    assert "no evaluation 'elsewhere, test'" in text and "no image 'gone.png'" in text
    assert len(list_names(page)) == 3


def test_image_opens_by_its_address_and_leads_on(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, image=MISSED)
    assert is_calm(page)
    text = read_text(page)
    assert "Missed fracture" in text and "p = 0.10" in text and not list_names(page)
    assert "1 of 3" in text or "2 of 3" in text
    page.button(key="to_Next").click().run()
    assert page.query_params["image"] != [MISSED] and "2 of 3" in read_text(page)
    page.button(key="to_tiles").click().run()
    assert len(list_names(page)) == 3 and "image" not in page.query_params


def test_an_image_that_leaves_the_list_keeps_its_place(open_page: Open, evaluation: Evaluation) -> None:
    first = list_names(open_page(PAGE))[0]
    page = open_page(PAGE, image=first, reviewed="no")
    sign(page, "fx_one")
    find_button(page, "Reviewed").click().run()
    assert is_calm(page) and "The filters leave this image out" in read_text(page)
    page.button(key="to_Next").click().run()
    assert "1 of 2" in read_text(page)


def test_what_is_said_is_kept_with_name(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, image=MISSED)
    assert find_button(page, "Reviewed").disabled
    sign(page, "fx_one")
    find_button(page, "Reviewed").click().run()
    find_button(page, "It is not fractured").click().run()
    page.text_input(key="fx_one_tag").set_value("cast")
    page.button(key="fx_one_tag_add").click().run()
    page.text_area(key="fx_one_note_text").set_value("A cast hides it.")
    page.button(key="fx_one_note_add").click().run()
    assert is_calm(page)
    review = read_reviews("drawn")[MISSED]
    assert (review.reviewed, review.proposed_label, review.tags) == (True, 0, ("cast",))
    assert {event.who for event in read_history("drawn", MISSED)} == {"Dr Test"}
    text = read_text(page)
    assert "A cast hides it." in text and "Dr Test holds the label for wrong" in text


def test_many_are_worked_on_at_once(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, kinds="false alarm")
    page.button(key="fx_select_page").click().run()
    assert all(tile["chosen"] for tile in list_tiles(page))
    sign(page, "fx_many")
    page.text_input(key="fx_many_tag").set_value("wrist")
    page.button(key="fx_many_tag_add").click().run()
    assert is_calm(page)
    tagged = {name for name, review in read_reviews("drawn").items() if "wrist" in review.tags}
    assert tagged == {FALSE_ALARM, SECOND_ALARM}


def test_bad_tag_is_refused_with_a_reason(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, image=MISSED)
    sign(page, "fx_one")
    page.button(key="fx_one_tag_add").click().run()
    assert not page.exception and "empty" in page.error[0].value


def test_without_the_images_figures_and_list_stay(
    open_page: Open, evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "nowhere"))
    get_settings.cache_clear()
    page = open_page(PAGE)
    assert is_calm(page)
    text = read_text(page)
    assert "The pictures are not on this machine" in text and "nowhere" in text and "3 of 12" in text
    assert all(tile["src"] is None and "not on this machine" in tile["gone"] for tile in list_tiles(page))
    large = open_page(PAGE, image=MISSED)
    assert is_calm(large) and "The pictures are not on this machine" in read_text(large)


def test_no_failures_says_so(open_page: Open, evaluation: Evaluation) -> None:
    right = tuple(item.model_copy(update={"correct": True}) for item in evaluation.predictions)
    keep(evaluation, predictions=right)
    page = open_page(PAGE)
    assert is_calm(page)
    assert "No failures here" in read_text(page)


def test_filters_that_leave_none_offer_to_clear(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, search="no such file")
    assert is_calm(page)
    assert "The filters leave none" in read_text(page)
    page.button(key="fx_clear_empty").click().run()
    assert len(list_names(page)) == 3


def test_nothing_uncertain_says_so(open_page: Open, evaluation: Evaluation) -> None:
    sure = tuple(item.model_copy(update={"call": "positive"}) for item in evaluation.predictions)
    keep(evaluation, predictions=sure)
    page = open_page(PAGE, show="uncertain")
    assert is_calm(page)
    assert "Nothing is uncertain here" in read_text(page)


def test_an_image_that_has_gone_or_is_damaged_says_so(
    open_page: Open, evaluation: Evaluation, tmp_path: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shared_dir / "data", tmp_path / "data")
    (tmp_path / "data" / "drawn" / FALSE_ALARM).write_bytes(b"\x89PNG broken")
    (tmp_path / "data" / "drawn" / MISSED).unlink()
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    gone = {tile["name"]: tile["gone"] for tile in list_tiles(open_page(PAGE))}
    assert "cannot be read" in gone[FALSE_ALARM] and gone[MISSED] and not gone[SECOND_ALARM]
    page = open_page(PAGE, image=MISSED)
    assert is_calm(page) and "The picture has gone" in read_text(page)
    page = open_page(PAGE, image=FALSE_ALARM)
    assert not page.exception and FALSE_ALARM in page.error[0].value


def test_home_shows_the_figures_too(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(open_page("streamlit_app.py"))
    assert "drawn, all" in text and "Sensitivity" in text


def test_leaky_evaluation_carries_its_mark_on_every_figure(open_page: Open, evaluation: Evaluation) -> None:
    keep(evaluation, as_published=True, leaks=Leaks(radiographs=2, files=4, first=("a.png",)))
    page = open_page(PAGE, evaluation="drawn, all, as published", pattern="figures")
    assert is_calm(page)
    text = read_text(page)
    assert text.count("fx-mark") == text.count("fx-figure-value") > 6
    assert "too good to be expected" in text


def test_all_figures_are_a_click_away(open_page: Open, evaluation: Evaluation) -> None:
    text = read_text(open_page(PAGE, pattern="figures"))
    for word in ("Three-way calls", "Operating points", "Calibration", "Net benefit"):
        assert word in text
    assert "Three-way calls" not in read_text(open_page(PAGE))


def test_evaluation_from_before_these_figures_is_still_shown(open_page: Open, evaluation: Evaluation) -> None:
    keep(evaluation, operating_points={}, calls=None, subgroups=(), calibration=None, decision_curve=())
    page = open_page(PAGE, pattern="figures")
    assert is_calm(page)
    assert "3 of 12" in read_text(page) and "Three-way calls" not in read_text(page)


def test_checkpoint_of_the_evaluation_is_the_one_chosen(open_page: Open, evaluation: Evaluation) -> None:
    assert find_checkpoint("tiny").name == evaluation.checkpoint
    assert not has_button(open_page(PAGE), "Clear filters")
