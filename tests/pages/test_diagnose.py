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

from fracture_core.intake import read_radiograph
from fracture_core.radiograph import Radiograph
from fracture_core.settings import get_settings
from tests.pages.conftest import Open, read_text
from tests.tiny_world import THRESHOLD, encode_phantom, make_checkpoint
from ui.calls import WORDS

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
    page = upload(open_page(PAGE), PNG, ("other.png", PNG[1], "image/png"))
    assert not page.exception and not page.error
    assert read_call(page)[0] == "Uncertain – look closely"
    assert "2 read, 0 suspected, 2 uncertain, 0 not suspected" in read_text(page)
    assert "uncertain from 0.00 to 1.00" in read_text(page)
    assert list(page.dataframe[0].value["Call"]) == ["Uncertain – look closely"] * 2


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


def test_unexpected_error_of_one_file_leaves_the_others(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(data: bytes, *, frame: int = 0) -> Radiograph:
        if data == b"trap":
            raise RuntimeError("secret of the inside")
        return read_radiograph(data, frame=frame)

    monkeypatch.setattr("ui.resources.read_radiograph", decode)
    page = upload(open_page(PAGE), ("odd.png", b"trap", "image/png"), PNG)
    assert not page.exception
    assert "Something unexpected happened, id " in page.error[0].value
    assert "secret" not in read_text(page)
    assert read_call(page)


def test_frame_of_a_multi_page_file_can_be_chosen(open_page: Open) -> None:
    pages = [Image.fromarray(np.full((64, 48), value, np.uint8)) for value in (40, 90, 200)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    page = upload(open_page(PAGE), ("stack.tif", buffer.getvalue(), "image/tiff"))
    assert not page.exception and not page.error
    field = page.number_input[0]
    assert (field.min, field.max, field.value) == (1, 3, 1)
    field.set_value(3).run()
    assert not page.exception and not page.error
    assert read_call(page)


def test_bad_file_does_not_stop_the_others(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("broken.png", b"no picture", "image/png"), PNG)
    assert not page.exception
    assert len(page.error) == 1
    assert read_call(page)
    assert "1 read" in read_text(page) and "1 could not be read" in read_text(page)
    assert list(page.dataframe[0].value["File"]) == ["broken.png", "wrist.png"]


def test_name_from_outside_is_shown_as_it_is(open_page: Open) -> None:
    page = upload(open_page(PAGE), ("<b>*odd*</b> [x](y).png", PNG[1], "image/png"))
    assert not page.exception
    assert r"\<b\>\*odd\*\</b\> \[x\](y).png" in [item.value for item in page.subheader]


def test_many_files_come_in_pages(open_page: Open) -> None:
    page = upload(open_page(PAGE), *[(f"{number}.png", PNG[1], "image/png") for number in range(8)])
    assert len([item for item in page.markdown if item.value in CALLS]) == 6
    page.pagination[0].set_value(2).run()
    assert len([item for item in page.markdown if item.value in CALLS]) == 2


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
