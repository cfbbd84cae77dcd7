"""A tint is no colour; arrows and photographs have some."""

import numpy as np
import pytest
from PIL import Image

from fracture_core.radiographs.intake.colour import measure_colour_share
from tests.sample_files import draw_bone

GRAY = np.repeat(draw_bone(8)[..., None], 3, axis=2)


@pytest.mark.parametrize("tint", [(1.0, 1.0, 1.0), (0.8, 0.9, 1.0), (1.0, 0.8, 0.6)])
def test_a_film_that_is_tinted_as_a_whole_has_none(tint: tuple[float, float, float]) -> None:
    assert measure_colour_share((GRAY * np.array(tint)).astype(np.uint8)) < 0.01


def test_an_arrow_counts_by_its_share_of_the_picture() -> None:
    marked = np.full((100, 100, 3), 120, np.uint8)
    marked[:10, :10] = (240, 60, 60)
    assert measure_colour_share(marked) == pytest.approx(0.01)
    assert measure_colour_share(Image.fromarray(marked)) == pytest.approx(0.01)
    assert measure_colour_share(marked.astype(np.uint16) * 257) == pytest.approx(0.01, abs=0.002)


def test_what_is_transparent_has_no_colour() -> None:
    picture = np.zeros((20, 20, 4), np.uint8)
    picture[..., 0] = np.arange(20) * 12
    assert measure_colour_share(Image.fromarray(picture)) == 0.0
