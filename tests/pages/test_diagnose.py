"""Reading files on the page Diagnose."""

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import get_settings
from fracture_core.radiographs.radiograph import Radiograph
from tests.pages.conftest import Open, read_text
from tests.sample_files import build_dicom, draw_bone
from tests.tiny_world import THRESHOLD, encode_phantom, make_checkpoint
from ui.shared.calls import WORDS

PAGE = "pages/1_Diagnose.py"
CALLS = tuple(WORDS.values())
PNG = ("wrist.png", encode_phantom(), "image/png")


def upload(page: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    page.file_uploader[0].set_value(files)
    return page.run()


def read_call(page: AppTest) -> tuple[str, float]:
    call = next(item.value for item in page.markdown if item.value in CALLS)
    p = next(re.fullmatch(r"p = (\d\.\d\d)", item.value) for item in page.markdown if item.value.startswith("p = "))
    return call, float(p.group(1))


def test_uploaded_radiograph_is_read(open_page: Open) -> None:
    page = upload(open_page(PAGE), PNG)
    assert not page.exception and not page.error
    call, p_fracture = read_call(page)
    assert call == ("Fracture suspected" if p_fracture >= THRESHOLD else "No fracture suspected")
    text = read_text(page)
    assert "PNG" in text and "8 bit" in text and f"operating point {THRESHOLD:.2f}" in text


def test_between_the_thresholds_it_is_uncertain(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(tmp_path / "wide" / "careful", zone=(0.0, 1.0))
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(tmp_path / "wide"))
    get_settings.cache_clear()
    page = upload(open_page(PAGE), PNG)
    assert not page.exception and not page.error
    assert read_call(page)[0] == "Uncertain – look closely"
    assert "uncertain from 0.00 to 1.00" in read_text(page)


def test_content_decides_not_the_name(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("scan.dcm", PNG[1], "application/octet-stream"))
    assert not page.error
    assert read_call(page)


@pytest.mark.parametrize("data", [b"", b"just text", PNG[1][:200]], ids=["empty", "text", "cut short"])
def test_bad_file_shows_a_clear_error(data: bytes, open_page: Open) -> None:
    page = upload(open_page(PAGE), ("broken.png", data, "image/png"))
    assert not page.exception
    assert "broken.png" in page.error[0].value
    assert "unexpected" not in page.error[0].value


def test_unexpected_error_is_told_by_its_id(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(data: bytes, *, frame: int = 0) -> Radiograph:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("fracture_core.reading.act.read_radiograph", decode)
    page = upload(open_page(PAGE), PNG)
    assert not page.exception
    assert "Something unexpected happened, id " in page.error[0].value
    assert "secret" not in read_text(page)


def test_what_the_call_means_follows_the_body_part(open_page: Open) -> None:
    page = upload(open_page(PAGE), PNG)
    assert "was not measured" in read_text(page) and "body part is not known" in read_text(page)
    page.selectbox(key=next(box.key for box in page.selectbox if box.key.startswith("region_"))).set_value(
        "wrist"
    ).run()
    assert not page.exception and "of the wrist came with this model" in read_text(page)


def test_report_is_made_on_a_click_and_handed_out(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("a.dcm", build_dicom(draw_bone(12, 96, 96)), "application/dicom"))
    assert [box.label for box in page.get("download_button")] == ["Download CSV"]
    for suffix in ("pdf", "sc.dcm", "sr.dcm"):
        page.button(key=f"make_{suffix}").click().run()
        assert not page.exception and not page.error
    labels = [box.label for box in page.get("download_button")]
    assert labels == ["Download PDF", "Download Secondary Capture", "Download Structured Report", "Download CSV"]
    page.radio[0].set_value("I do not agree").run()  # what was made says something else
    assert len(page.get("download_button")) == 1
    page.button(key="make_pdf").click().run()
    assert "has no name" in page.error[0].value


def test_a_refused_picture_is_read_only_with_a_name_and_a_reason(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("chest.dcm", build_dicom(draw_bone(12, 96, 96), BodyPartExamined="CHEST"), "x/y"))
    assert not page.exception and "No reading is shown" in page.warning[0].value and "p = " not in read_text(page)
    assert read_viewer(page)["pictures"][0]["heat"] is None
    page.text_input(key="override_why").set_value("Ribs are asked for")
    page.button(key="override").click().run()
    assert "Nobody is named" in page.error[0].value
    page.text_input(key="override_who").set_value("Ada")
    page.button(key="override").click().run()
    assert not page.exception and read_call(page) and "Ribs are asked for" in read_text(page)
    assert read_viewer(page)["pictures"][0]["heat"] is not None


def test_a_picture_that_is_no_dicom_has_a_pdf_only(open_page: Open) -> None:
    page = upload(open_page(PAGE), PNG)
    assert [box.key for box in page.button if str(box.key).startswith("make_")] == ["make_pdf"]


def test_frame_of_a_multi_page_file_can_be_chosen(open_page: Open) -> None:
    pages = [Image.open(io.BytesIO(encode_phantom(seed))) for seed in (1, 2, 3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    page = upload(open_page(PAGE), ("stack.tif", buffer.getvalue(), "image/tiff"))
    assert not page.exception and not page.error
    field = page.number_input[0]
    assert (field.min, field.max, field.value) == (1, 3, 1)
    field.set_value(3).run()
    assert not page.exception and not page.error
    assert read_call(page)


def test_name_from_outside_is_shown_as_it_is(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("<b>*odd*</b> [x](y).png", PNG[1], "image/png"))
    assert not page.exception
    assert r"\<b\>\*odd\*\</b\> \[x\](y).png" in [item.value for item in page.subheader]


def test_example_opens_by_its_address_and_is_labelled_as_drawn(open_page: Open) -> None:
    page = open_page(PAGE, example="break")
    assert not page.exception and not page.error
    assert read_call(page)
    assert "Drawn phantom, not a patient" in read_text(page)


def test_example_button_puts_it_into_the_address(open_page: Open) -> None:
    page = open_page(PAGE)
    page.button(key="example_hand").click().run()
    assert page.query_params["example"] in ("hand", ["hand"])
    assert read_call(page)


def read_viewer(page: AppTest) -> dict[str, Any]:
    """Return what the page hands to the first viewer that shows something."""
    found = [json.loads(component.proto.json) for component in page.get("bidi_component")]
    return next(data for data in found if data["pictures"])


def test_viewer_gets_all_levels_once_and_the_heatmap(open_page: Open) -> None:
    gray = np.arange(64 * 48, dtype=np.uint16).reshape(64, 48) * 21
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "PNG")
    page = upload(open_page(PAGE), ("deep.png", buffer.getvalue(), "image/png"))
    assert not page.exception and not page.error
    data = read_viewer(page)
    picture = data["pictures"][0]
    assert (picture["name"], picture["width"], picture["height"], picture["high"]) == ("deep.png", 48, 64, 65535)
    assert picture["kind"] == "uint16" and picture["address"] != picture["heat"]["address"]
    assert read_viewer(page.run()) == data  # a rerun sends addresses, and the same ones


def test_model_is_chosen_by_the_address(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, threshold in (("eager", 0.0), ("shy", 1.0)):
        make_checkpoint(tmp_path / "two" / name, threshold=threshold)
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(tmp_path / "two"))
    get_settings.cache_clear()
    assert read_call(upload(open_page(PAGE, model="eager"), PNG))[0] == "Fracture suspected"
    page = upload(open_page(PAGE, model="shy"), PNG)
    assert read_call(page)[0] == "No fracture suspected"
    page.selectbox(key="fx_model").set_value("eager").run()
    assert read_call(page)[0] == "Fracture suspected"
    assert page.query_params["model"] in ("eager", ["eager"])
