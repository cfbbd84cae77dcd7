"""A millimetre of the arm falls on the pixel that the view says, turned, mirrored or scaled."""

from dataclasses import replace

import numpy as np
import pytest

from fracture_core.datasets.phantoms.view import View, choose_view

VIEW = View(200, 100, 2.0, (10.0, 20.0), 0.0, mirrored=False)


def test_upright_the_fingers_point_up_and_the_ulna_lies_right() -> None:
    assert VIEW.shape == (100, 200)
    assert VIEW.to_px((10.0, 20.0)) == (100.0, 50.0)
    assert VIEW.to_px((15.0, 20.0)) == (110.0, 50.0)
    assert VIEW.to_px((10.0, 30.0)) == (100.0, 30.0)


def test_a_left_arm_is_mirrored_and_a_turn_goes_clockwise() -> None:
    assert replace(VIEW, mirrored=True).to_px((15.0, 30.0)) == (90.0, 30.0)
    assert replace(VIEW, turn_rad=np.pi / 2).to_px((10.0, 30.0)) == pytest.approx((120.0, 50.0))


def test_a_coarser_view_shows_the_same() -> None:
    coarse = VIEW.scaled(0.25)
    assert coarse.shape == (25, 50)
    assert coarse.to_px((15.0, 30.0)) == pytest.approx(np.array(VIEW.to_px((15.0, 30.0))) / 4)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn_rad", [0.0, 0.7, np.pi])
def test_coordinates_are_the_inverse_of_to_px(turn_rad: float, mirrored: bool) -> None:
    view = replace(VIEW, turn_rad=turn_rad, mirrored=mirrored)
    along_mm, across_mm = view.coordinates_mm((slice(0, 100), slice(0, 200)), (0.0, 0.0), (0.0, 1.0))
    column, row = view.to_px((across_mm[30, 70], along_mm[30, 70]))
    assert (column, row) == pytest.approx((70.5, 30.5), abs=1e-3), "the middle of the pixel"


def test_a_window_stays_in_the_image_and_may_be_empty() -> None:
    assert VIEW.window(((10.0, 20.0),), 5.0) == (slice(40, 60), slice(90, 110))
    assert VIEW.window(((10.0, 20.0),), 1000.0) == (slice(0, 100), slice(0, 200))
    rows, columns = VIEW.window(((500.0, 20.0),), 1.0)
    assert columns.start == columns.stop == 200 and rows.stop > rows.start


@pytest.mark.parametrize("region", ["forearm", "hand"])
def test_the_longer_side_is_as_asked_and_runs_along_the_arm(region: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        view = choose_view(region, 320, rng)
        assert max(view.shape) == 320
        along_columns = abs(np.sin(view.turn_rad)) > 0.5
        assert (view.width_px > view.height_px) == along_columns
