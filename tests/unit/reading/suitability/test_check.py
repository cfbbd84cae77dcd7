"""All checks of one picture together: what is well, and in which order the rest is told."""

from dataclasses import replace

import numpy as np
import pytest

from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.changes import HARMLESS, change
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.references import References
from tests.unit.reading.suitability.drawn import draw, draw_features, find


@pytest.mark.parametrize("seed", range(5))
def test_drawn_radiograph_is_well_but_not_compared(seed: int) -> None:
    assert set(find(draw(seed))) == {"not compared"}


@pytest.mark.parametrize("name", list(HARMLESS))
def test_harmless_changes_are_harmless_to_header_and_picture(name: str) -> None:
    assert set(find(change(draw(size_px=400), name))) == {"not compared"}


def test_an_inverted_radiograph_is_not_refused_if_it_is_one_the_right_way_round(
    references: References, radiograph: Radiograph
) -> None:
    gate = SuitabilityCheck(224, references)
    both = draw_features(1, 3, 7, slice(0, 20))[0]  # unlike, and inverted
    alone = gate.check(radiograph, both)
    assert alone.is_refused and {"inverted", "not a limb radiograph"} <= {each.kind for each in alone.concerns}
    seen: list[Radiograph] = []

    def read_sound(picture: Radiograph) -> np.ndarray:
        seen.append(picture)
        return draw_features(1, 0, 8)[0]

    righted = gate.check(radiograph, both, read_features=read_sound)
    assert not righted.is_refused and righted.correction == "invert"
    assert seen[0].pixels == pytest.approx(1 - radiograph.pixels)
    kinds = {each.kind for each in gate.check(radiograph, both, read_features=lambda picture: both * 9).concerns}
    assert "not a limb radiograph" in kinds and "inverted" not in kinds  # inverted it would be less of a radiograph


def test_a_dicom_header_states_the_sense(references: References, radiograph: Radiograph) -> None:
    dark_bone = draw_features(1, 2, 13, slice(0, 10))[0]
    gate, dicom = SuitabilityCheck(224, references), replace(radiograph, source_type="DICOM")
    assert "inverted" in {each.kind for each in gate.check(radiograph, dark_bone).concerns}
    assert "inverted" not in {each.kind for each in gate.check(dicom, dark_bone).concerns}


def test_no_second_reading_of_what_is_well(references: References, radiograph: Radiograph) -> None:
    def fail(picture: Radiograph) -> np.ndarray:
        raise AssertionError("read again")

    assert not SuitabilityCheck(224, references).check(radiograph, references.mean**2, read_features=fail).is_refused
