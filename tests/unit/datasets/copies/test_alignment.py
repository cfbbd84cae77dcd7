"""One picture is laid over another from a rough start; only detail that agrees all over is a copy."""

import numpy as np
import pytest
from PIL import Image

from fracture_core.datasets.copies.alignment import COPY_AGREEMENT, SIDE_PX, measure_agreement, place_turned
from tests.unit.datasets.copies.pictures import square, turn


def measure(first: np.ndarray, second: np.ndarray, angle_deg: float = 0.0, *, mirrored: bool = False) -> float:
    placement = place_turned(np.array([angle_deg]), np.array([mirrored]))
    return float(measure_agreement(first[None], second[None], placement)[0])


def test_a_picture_agrees_with_itself() -> None:
    assert measure(square(1), square(1)) > 0.99


def test_a_shift_and_a_few_degrees_are_found() -> None:
    picture = square(2)
    moved = np.roll(turn(picture, 3.0), (4, -6), (0, 1))
    assert measure(picture, moved) >= COPY_AGREEMENT


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_start_says_how_the_copy_lies(mirrored: bool) -> None:
    picture = square(3)
    turned = turn(picture, -120)
    copy = turned[:, ::-1].copy() if mirrored else turned
    assert measure(picture, copy, 120, mirrored=mirrored) >= COPY_AGREEMENT
    assert measure(picture, copy, 120, mirrored=not mirrored) < COPY_AGREEMENT


def test_contrast_makes_no_difference_and_another_radiograph_does() -> None:
    picture = square(4)
    assert measure(picture, np.rint(255 * (picture / 255) ** 1.8).astype(np.uint8)) >= COPY_AGREEMENT
    assert measure(picture, square(5)) < COPY_AGREEMENT


def test_what_must_be_stretched_to_fit_is_another_limb() -> None:
    picture = square(6)
    wide = np.asarray(Image.fromarray(picture).resize((SIDE_PX * 9 // 8, SIDE_PX)))[:, SIDE_PX // 16 :][:, :SIDE_PX]
    assert measure(picture, np.ascontiguousarray(wide)) < COPY_AGREEMENT


def test_a_placement_turns_counter_clockwise_after_the_mirror() -> None:
    placements = place_turned(np.array([0.0, 90.0, 0.0]), np.array([False, False, True]))
    assert placements.dtype == np.float32 and placements.shape == (3, 2, 3)
    expected = [[[1, 0, 0], [0, 1, 0]], [[0, -1, 0], [1, 0, 0]], [[-1, 0, 0], [0, 1, 0]]]
    assert placements == pytest.approx(np.array(expected), abs=1e-6)
