"""Limits hold to the byte, the pixel and the frame."""

import pytest

from fracture_core.base.errors import CorruptFileError, FrameNotFoundError, LimitExceededError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.limits import check_file_size, check_frame, check_picture_size

SETTINGS = Settings(max_file_bytes=1000, max_pixels=600, max_frames=3)


def test_what_is_just_allowed_passes() -> None:
    check_file_size(1000, SETTINGS)
    check_picture_size(30, 20, SETTINGS)
    check_frame(2, 3, SETTINGS)


def test_one_more_is_refused_and_the_setting_named() -> None:
    with pytest.raises(LimitExceededError, match="FRACTURE_MAX_FILE_BYTES"):
        check_file_size(1001, SETTINGS)
    with pytest.raises(LimitExceededError, match=r"31 x 20.*FRACTURE_MAX_PIXELS"):
        check_picture_size(31, 20, SETTINGS)
    with pytest.raises(LimitExceededError, match=r"4 frames.*FRACTURE_MAX_FRAMES"):
        check_frame(0, 4, SETTINGS)


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, -1)])
def test_no_picture_is_damage(size: tuple[int, int]) -> None:
    with pytest.raises(CorruptFileError):
        check_picture_size(*size, SETTINGS)


@pytest.mark.parametrize("frame", [-1, 2])
def test_a_frame_that_is_not_there_says_how_many_are(frame: int) -> None:
    with pytest.raises(FrameNotFoundError, match=r"holds 2.*from 0 to 1"):
        check_frame(frame, 2, SETTINGS)
