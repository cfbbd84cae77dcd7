"""What header and picture alone tell: each check on drawn radiographs and on what is none."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import SuitabilityError
from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.radiographs.intake.colour import measure_colour_share
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.changes import HARMFUL, HARMLESS, change
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.corrections import correct
from fracture_core.reading.suitability.findings import Finding, Suitability, override
from fracture_core.reading.suitability.header import check_modality, check_part
from fracture_core.reading.suitability.picture import check_exposure, check_field, check_size, shrink


def draw(seed: int = 3, size_px: int = 256) -> Radiograph:
    return Radiograph(draw_phantom(seed, region="forearm", fractured=False, size_px=size_px).pixels, "PNG")


def find(radiograph: Radiograph, input_size_px: int = 224) -> dict[str, Finding]:
    found = SuitabilityCheck(input_size_px).check(radiograph)
    assert not found.is_compared
    return {finding.kind: finding for finding in found.concerns}


@pytest.mark.parametrize("seed", range(5))
def test_drawn_radiograph_is_well_but_not_compared(seed: int) -> None:
    assert set(find(draw(seed))) == {"not compared"}


@pytest.mark.parametrize("modality", ["CT", "MR", "US", "NM", "PT", "MG", "PX", "SEG", "XYZ"])
def test_other_modalities_are_refused(modality: str) -> None:
    finding = check_modality(replace(draw(), details={"modality": modality}))
    assert finding.severity == "refused" and modality in finding.words and finding.advice


@pytest.mark.parametrize(
    ("modality", "severity"), [("CR", "ok"), ("DX", "ok"), ("", "ok"), ("RF", "look"), ("OT", "look")]
)
def test_radiographs_are_not_refused_by_their_modality(modality: str, severity: str) -> None:
    assert check_modality(replace(draw(), details={"modality": modality})).severity == severity


@pytest.mark.parametrize(
    "part", ["CHEST", "Thorax", "ABDOMEN", "SKULL", "HEAD", "CSPINE", "L SPINE", "LSPINE", "BREAST", "RIBS", "TEETH"]
)
def test_parts_that_were_not_learned_are_refused(part: str) -> None:
    finding = check_part(replace(draw(), details={"body_part": part}))
    assert finding.severity == "refused" and finding.kind == "part not learned" and part in finding.words


@pytest.mark.parametrize(
    "part",
    [
        "",
        "HAND",
        "WRIST",
        "ELBOW",
        "SHOULDER",
        "HIP",
        "PELVIS",
        "KNEE",
        "ANKLE",
        "FOOT",
        "EXTREMITY",
        "LEG",
        "FOREARM",
        "FEMUR",
        "TIBIA FIBULA",
        "CLAVICLE",
        "FINGER",
        "HEEL",
        "CALCANEUS",
        "SCAPULA",
        "FEMORAL NECK",
        "HEAD OF RADIUS",
    ],
)
def test_limbs_are_not_refused_by_their_name(part: str) -> None:
    assert check_part(replace(draw(), details={"body_part": part})).severity == "ok"


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


@pytest.mark.parametrize("name", list(HARMLESS))
def test_harmless_changes_are_harmless_to_header_and_picture(name: str) -> None:
    assert set(find(change(draw(size_px=400), name))) == {"not compared"}


@pytest.mark.parametrize("name", [*HARMLESS, *HARMFUL])
def test_changes_keep_the_promise_of_pixels(name: str) -> None:
    changed = change(draw(), name)
    assert changed.pixels.dtype == np.float32 and changed.pixels.ndim == 2
    assert changed.pixels.min() >= 0 and changed.pixels.max() <= 1


def test_corrections_undo_what_they_are_for() -> None:
    radiograph = draw()
    inverted = change(radiograph, "inverted")
    assert correct(inverted, "invert").pixels == pytest.approx(radiograph.pixels, abs=0.003)
    dark = change(radiograph, "too dark (an eighth of the brightness)")
    assert "too dark" not in find(correct(dark, "brighten"))
    darker = correct(radiograph, "darken")
    assert darker.pixels.mean() < radiograph.pixels.mean() and "before it was read" in darker.warnings[-1]
    assert correct(radiograph, "") is radiograph


def test_an_override_needs_a_reason_and_names_what_it_overrides() -> None:
    refused = Suitability((Finding("not a radiograph", "refused", "x"), Finding("too small", "look", "y")))
    decision = override(refused, by=" Dr A ", why=" a phone picture of a film ")
    assert (decision.by, decision.why, decision.kinds) == ("Dr A", "a phone picture of a film", ("not a radiograph",))
    with pytest.raises(SuitabilityError, match="reason"):
        override(refused, by="", why="  ")
