"""What the picture itself says against a reading: colour, size, emptiness, exposure, field."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fracture_core.radiographs.intake.colour import measure_colour_share
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.changes import change
from fracture_core.reading.suitability.picture import check_exposure, check_field, check_size, shrink
from tests.unit.reading.suitability.drawn import draw, find


def test_colour_is_told_from_tint_and_from_marks() -> None:
    gray = np.rint(draw().pixels * 255).astype(np.uint8)
    assert measure_colour_share(np.stack([gray] * 3, axis=2)) == 0
    tinted = np.stack([(gray * share).astype(np.uint8) for share in (0.7, 0.85, 1.0)], axis=2)
    assert measure_colour_share(tinted) < 0.01
    marked = np.stack([gray] * 3, axis=2)
    marked[10:30, 10:40] = (255, 255, 0)
    assert 0 < measure_colour_share(marked) < 0.05
    random = np.random.default_rng(1)
    patches = random.integers(0, 256, (12, 12, 3), np.uint8).repeat(20, axis=0).repeat(20, axis=1)
    assert measure_colour_share(patches) > 0.5
    assert measure_colour_share(Image.fromarray(patches).convert("P")) > 0.5
    assert find(replace(draw(), colour_share=0.4))["not a radiograph"].severity == "refused"


@pytest.mark.parametrize("shape", [(224, 224), (300, 500), (640, 480), (2000, 1600)])
def test_brightness_does_not_depend_on_the_size(shape: tuple[int, int]) -> None:
    radiograph = draw()
    for name in ("as it is", "too dark (an eighth of the brightness)", "too bright (three times the brightness)"):
        ruined = change(radiograph, name)
        resized = np.asarray(Image.fromarray(ruined.pixels).resize(shape, Image.Resampling.BILINEAR))
        first, second = (check_exposure(shrink(Radiograph(pixels, "PNG"))) for pixels in (ruined.pixels, resized))
        assert (first.kind, first.severity) == (second.kind, second.severity)
        assert second.value == pytest.approx(first.value, abs=0.05)


def test_dark_bright_flat_and_blank_are_named() -> None:
    radiograph = draw()
    assert find(change(radiograph, "too dark (an eighth of the brightness)"))["too dark"].correction == "brighten"
    bright = Radiograph(np.clip(radiograph.pixels * 6 + 0.3, 0, 1).astype(np.float32), "PNG")
    assert find(bright)["too bright"].correction == "darken"
    flat = Radiograph((0.5 + radiograph.pixels * 0.1).astype(np.float32), "PNG")
    assert find(flat)["low contrast"].severity == "look"
    for level in (0.0, 0.5, 1.0):
        assert find(Radiograph(np.full((300, 200), level, np.float32), "PNG"))["blank"].severity == "refused"


def test_small_pictures_are_named() -> None:
    assert check_size(Radiograph(np.zeros((60, 40), np.float32), "PNG"), 448).severity == "refused"
    assert check_size(Radiograph(np.zeros((200, 150), np.float32), "PNG"), 448).severity == "look"
    assert check_size(Radiograph(np.zeros((224, 60), np.float32), "PNG"), 448).severity == "ok"


def test_a_corner_in_an_empty_frame_is_named() -> None:
    framed = np.zeros((900, 900), np.float32)
    limb = draw(size_px=250).pixels
    framed[20 : 20 + limb.shape[0], 30 : 30 + limb.shape[1]] = limb
    assert check_field(shrink(Radiograph(framed, "PNG"))).kind == "cut off"
    assert check_field(shrink(draw())).severity == "ok"
    assert check_exposure(shrink(Radiograph(framed, "PNG"))).severity == "ok"  # the frame is not counted as dark
