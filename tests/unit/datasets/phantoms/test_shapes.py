"""A tube is measured along its axis, also past its ends."""

import numpy as np
import pytest

from fracture_core.datasets.phantoms.shapes import Tube

TUBE = Tube("bone", (1.0, 2.0), (4.0, 6.0), np.zeros((2, 4)), (1.0, 1.0))


def test_length_is_that_of_the_axis() -> None:
    assert TUBE.length_mm == 5.0


@pytest.mark.parametrize(
    ("distance_mm", "point"), [(0, (1, 2)), (5, (4, 6)), (2.5, (2.5, 4)), (-5, (-2, -2)), (10, (7, 10))]
)
def test_a_point_of_the_axis(distance_mm: float, point: tuple[float, float]) -> None:
    assert TUBE.point_at(distance_mm) == pytest.approx(point)
