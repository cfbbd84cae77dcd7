"""The gallery where something is wrong: odd addresses and names, damaged files, a locked database, no room."""

import errno
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.base.background.work import working_on_task
from fracture_core.base.errors import StoreBusyError
from fracture_core.base.settings import get_settings
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.records import Evaluation
from fracture_core.failures.neighbours.nearest import Nearest, Neighbour
from fracture_core.failures.reviews.read import read_history, read_reviews
from fracture_core.failures.reviews.write import add_note, add_tag
from fracture_core.networks.checkpoints import find_checkpoint
from tests.pages.conftest import Open, read_text
from tests.pages.failure_world import MISSED, PAGE, is_calm, keep, list_tiles, make_evaluation
from ui.failures.evaluate import build_task
from ui.failures.nearest import describe_nearest

HOSTILE = "![x](http://e.vil/p.png)"
PARTS = ("where", "calls", "curves", "labels", "figures")


@pytest.fixture(scope="module")
def made(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return make_evaluation(shared_dir, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def evaluation(made: Evaluation) -> Evaluation:
    return keep(made)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "9" * 5000},
        {"page": "-1"},
        {"page": "²"},
        {"p_from": "nan"},
        {"p_from": "1e400"},
        {"image": "../../etc/passwd"},
        {"image": "x" * 3000},
        {"regions": "a%2Cb,<b>"},
        {"tags": "$x$,:red[a]"},
        {"evaluation": "<script>"},
        {"pattern": "no"},
        {"against": "tiny"},
        {"search": "[(*\\"},
    ],
    ids=str,
)
def test_odd_addresses_are_calm(open_page: Open, evaluation: Evaluation, query: dict[str, str]) -> None:
    assert is_calm(open_page(PAGE, **query))


def test_tags_and_notes_are_shown_as_they_are(open_page: Open, evaluation: Evaluation) -> None:
    add_tag("drawn", [MISSED], HOSTILE, "Dr Test")
    add_note("drawn", MISSED, f"<script>alert(1)</script> {HOSTILE}\n" + "y" * 3900, "Dr <b>Test")
    page = open_page(PAGE, image=MISSED)
    assert is_calm(page)
    button = next(button for button in page.button if "e.vil" in button.label)
    assert "![" not in button.label and "![" not in button.help
    assert "<script>" not in read_text(page) and HOSTILE not in read_text(page)


@pytest.mark.parametrize("part", PARTS)
def test_one_class_and_none_wrong_have_a_pattern(open_page: Open, made: Evaluation, part: str) -> None:
    keep(made, predictions=tuple(item for item in made.predictions if item.label))
    assert is_calm(open_page(PAGE, pattern=part))
    keep(made, predictions=tuple(item.model_copy(update={"correct": True}) for item in made.predictions))
    assert is_calm(open_page(PAGE, pattern=part))


@pytest.mark.parametrize("part", PARTS)
def test_an_older_evaluation_has_a_pattern(open_page: Open, made: Evaluation, part: str) -> None:
    lost: dict[str, Any] = {"call": None, "width_px": None, "height_px": None, "views": (), "region": None}
    keep(made, operating_points={}, calls=None, predictions=tuple(i.model_copy(update=lost) for i in made.predictions))
    assert is_calm(open_page(PAGE, pattern=part))


def test_a_damaged_file_of_evaluations_is_named_and_replaced(open_page: Open, evaluation: Evaluation) -> None:
    path = next((get_settings().state_dir / "evaluations").glob("*.json"))
    path.write_text("{")
    page = open_page(PAGE)
    assert not page.exception and "damaged" in page.error[0].value
    assert page.button(key="fx_evaluate")  # what the remedy says can be done
    keep_evaluation(find_checkpoint("tiny"), evaluation)
    page.run()
    assert is_calm(page) and list_tiles(page)
    assert path.with_suffix(".damaged").read_text() == "{"


def test_without_the_database_the_grid_stays(
    open_page: Open, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_tag("drawn", [MISSED], "cast", "Dr Test")
    page = open_page(PAGE)
    assert any("cast" in tile["marks"] for tile in list_tiles(page))

    def refuse(dataset: str) -> int:
        raise StoreBusyError("The database is locked.", "Try again.")

    with monkeypatch.context() as patched:
        patched.setattr("ui.failures.shown.stamp_reviews", refuse)
        page.run()
        assert is_calm(page) and "The database is locked" in page.warning[0].value
        assert list_tiles(page) and not any("cast" in tile["marks"] for tile in list_tiles(page))
    page.run()
    assert not page.warning and any("cast" in tile["marks"] for tile in list_tiles(page))


def test_an_image_that_has_gone_has_no_neighbours(
    open_page: Open, evaluation: Evaluation, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shared_dir / "data", tmp_path / "data")
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    monkeypatch.setattr("ui.failures.nearest.has_neighbour_index", lambda checkpoint: True)
    page = open_page(PAGE, image=MISSED)
    page.session_state["fx_nearest"] = True
    (tmp_path / "data" / "drawn" / MISSED).unlink()  # the list of files is kept for a while
    page.run()
    assert is_calm(page) and "not on this machine" in read_text(page)


def test_a_state_folder_that_cannot_be_written_leaves_the_grid(open_page: Open, evaluation: Evaluation) -> None:
    for name in ("thumbnails", "background", "exports"):
        (get_settings().state_dir / name).write_text("a file where the folder should be")
    page = open_page(PAGE)
    assert is_calm(page) and all(tile["src"] for tile in list_tiles(page))
    for key in ("fx_evaluate", "fx_zip_make"):
        page.button(key=key).click().run()
        assert not page.exception and len(page.error) == 1 and "unexpected" not in page.error[0].value


def test_handed_over_twice_is_there_once(open_page: Open, evaluation: Evaluation) -> None:
    page = open_page(PAGE, image=MISSED)
    page.text_input(key="fx_who_field_fx_one").set_value("Dr Test").run()
    for _ in range(2):
        page.button(key="fx_one_hand_over").click().run()
        assert is_calm(page)
    manifest = get_settings().state_dir / "reviewed" / "manifest.csv"
    assert manifest.read_text(encoding="utf-8").count(Path(MISSED).name) == 1


def test_a_disk_that_fills_up_leaves_no_half_zip(
    open_page: Open, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    page = open_page(PAGE)
    monkeypatch.setattr("zipfile.ZipFile.writestr", refuse)
    page.button(key="fx_zip_make").click().run()
    assert not page.exception and "the disk is full" in page.error[0].value
    assert list((get_settings().state_dir / "exports").iterdir()) == []


def test_two_sessions_tag_one_radiograph_and_both_are_kept(open_page: Open, evaluation: Evaluation) -> None:
    first, second = (open_page(PAGE, image=MISSED) for _ in range(2))
    for page, who, tag in ((first, "Dr A", "cast"), (second, "Dr B", "Cast"), (second, "Dr B", "blurred")):
        if not has_name(page):
            page.text_input(key="fx_who_field_fx_one").set_value(who).run()
        page.text_input(key="fx_one_tag").set_value(tag)
        page.button(key="fx_one_tag_add").click().run()
        assert is_calm(page)
    assert read_reviews("drawn")[MISSED].tags == ("cast", "blurred")
    assert [event.who for event in read_history("drawn", MISSED)] == ["Dr A", "Dr B"]


def has_name(page: AppTest) -> bool:
    return not any(field.key == "fx_who_field_fx_one" for field in page.text_input)


def test_an_evaluation_of_a_folder_is_named_by_it(open_page: Open, evaluation: Evaluation) -> None:
    task = build_task(find_checkpoint("tiny"), "/somewhere/drawn", "val", published=False)
    with working_on_task(task):
        page = open_page(PAGE)
        assert is_calm(page)
        assert page.get("progress")[0].proto.text.startswith("**Evaluating drawn, val**")


@pytest.mark.parametrize(
    ("same", "words"),
    [
        (6, "learned from, with the same label"),
        (4, "most with the same label, 2 with the other"),
        (3, "half of them with the other label"),
        (2, "learned from with the other label"),
    ],
)
def test_the_nearest_are_told_as_they_are(same: int, words: str) -> None:
    labels = [1] * same + [0] * (6 - same)
    neighbours = tuple(Neighbour("drawn", f"{n}", None, label, None, 0.4) for n, label in enumerate(labels))
    assert words in describe_nearest(Nearest(neighbours, 0.5, is_unlike_training=False), label=1)
