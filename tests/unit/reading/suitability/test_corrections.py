"""Corrections undo what they are for."""

import pytest

from fracture_core.reading.suitability.changes import change
from fracture_core.reading.suitability.corrections import correct_radiograph
from tests.unit.reading.suitability.drawn import draw, find


def test_corrections_undo_what_they_are_for() -> None:
    radiograph = draw()
    inverted = change(radiograph, "inverted")
    assert correct_radiograph(inverted, "invert").pixels == pytest.approx(radiograph.pixels, abs=0.003)
    dark = change(radiograph, "too dark (an eighth of the brightness)")
    assert "too dark" not in find(correct_radiograph(dark, "brighten"))
    darker = correct_radiograph(radiograph, "darken")
    assert darker.pixels.mean() < radiograph.pixels.mean() and "before it was read" in darker.warnings[-1]
    assert correct_radiograph(radiograph, "") is radiograph
