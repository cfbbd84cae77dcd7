"""The page Diagnose with many files: a worklist by its address, its rows, one file open, nothing lost at a refresh."""

import io
import json
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.records.worklist.create import create_from_uploads
from fracture_core.records.worklist.read import list_worklists, read_items, read_worklist
from fracture_core.records.worklist.reader import wait_for
from fracture_core.records.worklist.write import ItemOutcome, record, take
from tests.pages.conftest import Open, read_text
from tests.pages.test_diagnose import PAGE, PNG, upload
from tests.sample_files import build_dicom, draw_bone
from tests.tiny_world import encode_phantom
from tests.unit.records.worklist.conftest import make_upload

BAD = ("broken.png", b"no picture", "image/png")


def finish(page: AppTest) -> AppTest:
    """Wait until all is read, and look again as the browser does by itself."""
    for worklist in list_worklists():
        wait_for(worklist.id, 60)
    return page.run()


def get_param(page: AppTest, name: str) -> str:
    value = page.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


def make_worklist(*files: tuple[str, bytes]) -> str:
    return create_from_uploads([make_upload(*file) for file in files], find_checkpoint("tiny"))


def test_several_files_become_a_worklist_with_an_address(open_page: Open) -> None:
    page = finish(upload(open_page(PAGE), BAD, PNG))
    assert not page.exception and not page.error
    worklist_id = get_param(page, "worklist")
    assert read_worklist(worklist_id).progress.done == 1
    table = page.dataframe[0].value
    assert list(table["File"]) == ["wrist.png", "broken.png"] and "JPEG" in table["Note"].iloc[1]
    again = open_page(PAGE, worklist=worklist_id)
    assert list(again.dataframe[0].value["File"]) == ["wrist.png", "broken.png"]
    assert len(list_worklists()) == 1


def test_a_zip_becomes_a_worklist_and_a_bad_one_is_told(open_page: Open) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/one.png", PNG[1])
    page = finish(upload(open_page(PAGE), ("ward.zip", buffer.getvalue(), "application/zip")))
    assert list(page.dataframe[0].value["File"]) == ["a/one.png"]
    page = upload(open_page(PAGE), ("bad.zip", b"PK", "application/zip"))
    assert not page.exception and "bad.zip is no zip" in page.error[0].value.replace("\\", "")


def test_a_folder_of_this_machine(open_page: Open) -> None:
    page = open_page(PAGE)
    page.selectbox(key="folder_named").set_value("drawn")
    page.button(key="folder_read").click().run()
    page = finish(page)
    assert not page.exception and len(page.dataframe[0].value) == 12
    page = open_page(PAGE)
    page.button(key="folder_read").click().run()
    assert not page.exception and "No folder is named" in page.error[0].value


def test_one_file_opens_by_its_address_and_the_next_by_a_button(open_page: Open) -> None:
    worklist_id = make_worklist(("1.png", encode_phantom(1)), ("2.png", encode_phantom(2)), ("bad.png", b""))
    finish(open_page(PAGE))
    page = open_page(PAGE, worklist=worklist_id, item="1")
    assert not page.exception and not page.error and "1.png" in [item.value for item in page.subheader]
    item = read_items(worklist_id)[0]
    assert f"p = {item.p_fracture:.2f}" in read_text(page)
    page = open_page(PAGE, worklist=worklist_id, item="3")
    assert "could not be read" in page.error[0].value and "empty" in page.error[0].value
    page.button(key="to_Previous").click().run()
    assert get_param(page, "item") in ("1", "2") and not page.error
    page.button(key="to_list").click().run()
    assert get_param(page, "item") == "" and len(page.dataframe[0].value) == 3
    assert len(open_page(PAGE, worklist=worklist_id, item="99").dataframe[0].value) == 3


def test_views_of_one_exam_stand_side_by_side(open_page: Open) -> None:
    views = [build_dicom(draw_bone(12, 64, 64), ViewPosition=view) for view in ("AP", "LL")]
    worklist_id = make_worklist(("ap.dcm", views[0]), ("ll.dcm", views[1]), ("x.png", encode_phantom(2)))
    finish(open_page(PAGE))
    page = open_page(PAGE, worklist=worklist_id)
    assert sorted(page.dataframe[0].value["Views"]) == ["", "Exam 1, 2 views", "Exam 1, 2 views"]
    page = open_page(PAGE, worklist=worklist_id, item="1")
    assert not page.exception and not page.error and "One of 2 views of exam 1" in read_text(page)
    shown = [json.loads(component.proto.json)["pictures"] for component in page.get("bidi_component")]
    assert [picture["name"] for picture in shown[-1]] == ["ap.dcm", "ll.dcm"]
    page.button(key="set_apart").click().run()
    assert "One of 2 views" not in read_text(page)
    page.multiselect(key="group_1").set_value([3]).run()
    page.button(key="group").click().run()
    assert "put together by hand" in read_text(page) and read_items(worklist_id)[0].study != ""


def test_a_refused_picture_is_read_only_with_a_name_and_a_reason(open_page: Open) -> None:
    worklist_id = make_worklist(("chest.png", encode_phantom(1)))
    take(worklist_id, 1)
    refused = ItemOutcome(
        1, call="positive", p_fracture=0.91, label="fractured", refusals=("This looks like a chest.",)
    )
    record(worklist_id, [refused])
    page = open_page(PAGE, worklist=worklist_id)
    assert list(page.dataframe[0].value["Call"]) == ["Refused"] and page.dataframe[0].value["p"].isna().all()
    page = open_page(PAGE, worklist=worklist_id, item="1")
    assert "This looks like a chest." in page.warning[0].value and "p = " not in read_text(page)
    shown = [json.loads(component.proto.json)["pictures"] for component in page.get("bidi_component")]
    assert shown[-1][0]["heat"] is None
    page.button(key="override").click().run()
    assert "Say who you are" in page.error[0].value
    page.text_input(key="override_who").set_value("Ada")
    page.text_input(key="override_why").set_value("A rib view, wanted")
    page.button(key="override").click().run()
    assert (
        not page.exception and not page.error and "p = " in read_text(page) and "A rib view, wanted" in read_text(page)
    )
    assert read_items(worklist_id)[0].override is not None


def test_filters_and_search(open_page: Open) -> None:
    worklist_id = make_worklist(("left.png", encode_phantom(1)), ("right.png", encode_phantom(2)), ("bad.png", b""))
    finish(open_page(PAGE))
    page = open_page(PAGE, worklist=worklist_id)
    page.text_input(key="list_search").set_value("LEFT").run()
    assert list(page.dataframe[0].value["File"]) == ["left.png"]
    page.text_input(key="list_search").set_value("").run()
    page.get("button_group")[0].set_value(["failed"]).run()
    assert list(page.dataframe[0].value["File"]) == ["bad.png"]
    assert page.query_params["call"] == "failed" and "search" not in page.query_params
    page = open_page(PAGE, worklist=worklist_id, search="right", call="positive,uncertain,negative,nonsense")
    assert list(page.dataframe[0].value["File"]) == ["right.png"]
    page = open_page(PAGE, worklist=worklist_id, region="an unknown one")
    assert not page.exception and "No file passes" in page.info[0].value


def test_recent_lists_are_opened_and_deleted(open_page: Open) -> None:
    worklist_id = make_worklist(("1.png", encode_phantom(1)))
    page = finish(open_page(PAGE))
    page.button(key=f"open_{worklist_id}").click().run()
    assert get_param(page, "worklist") == worklist_id
    page = open_page(PAGE)
    page.button(key=f"delete_{worklist_id}").click().run()
    assert not page.exception and list_worklists() == []
    page = open_page(PAGE, worklist=worklist_id)
    assert not page.exception and "no such worklist" in page.error[0].value


def test_a_stopped_list_waits_and_goes_on(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    worklist_id = make_worklist(*((f"{number}.png", encode_phantom(number)) for number in range(3)))
    monkeypatch.setattr("ui.diagnose.worklist.read_in_background", lambda worklist_id, load: None)
    page = open_page(PAGE, worklist=worklist_id)
    page.button(key="stop_reading").click().run()
    assert read_worklist(worklist_id).stopped and "3 to go, stopped" in str(page.get("progress")[0].proto)
    page.button(key="go_on").click().run()
    assert not page.exception and not read_worklist(worklist_id).stopped


def test_a_click_while_the_list_moves_opens_no_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from ui.diagnose import rows

    opened: list[int] = []
    clicked = SimpleNamespace(selection=SimpleNamespace(cells=[(1, "File")]))
    state: dict[str, object] = {"fx_rows_0": clicked}
    monkeypatch.setattr(rows, "open_item", opened.append)
    monkeypatch.setattr(rows.st, "session_state", state)
    monkeypatch.setattr(rows.st, "toast", lambda *_, **__: None)
    rows._keep_order([1, 2, 3])
    rows._open_chosen()
    assert opened == [2]
    rows._keep_order([3, 1, 2])  # a row came to the top; the browser may still show it as it was
    rows._open_chosen()
    assert opened == [2]
    state["fx_rows_1"] = clicked  # a new table, in which the same cell can be clicked again
    monkeypatch.setattr(rows, "_SETTLE_S", 0.0)
    rows._open_chosen()
    assert opened == [2, 1]
