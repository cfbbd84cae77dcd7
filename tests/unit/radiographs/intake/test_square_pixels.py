"""Pixels that are not square are made square before anything looks at them, spacing included."""

import numpy as np
import pytest

from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.intake.square_pixels import make_pixels_square
from fracture_core.radiographs.radiograph import Radiograph
from tests.sample_files import build_dicom

RAMP = np.tile(np.arange(64, dtype=np.uint16) * 60, (32, 1))


@pytest.mark.parametrize(
    ("stated", "size", "spacing"),
    [
        ({"PixelSpacing": [0.2, 0.1]}, (64, 64), (0.1, 0.1)),
        ({"PixelSpacing": [0.1, 0.2]}, (32, 128), (0.1, 0.1)),
        ({"PixelAspectRatio": [2, 1]}, (64, 64), None),
        ({"PixelSpacing": [0.1, 0.1], "PixelAspectRatio": [2, 1]}, (32, 64), (0.1, 0.1)),
        ({"PixelSpacing": [0.1, 0.1001]}, (32, 64), (0.1, 0.1001)),
        ({"PixelSpacing": [10, 0.1]}, (32, 64), (10.0, 0.1)),
    ],
    ids=["high", "wide", "by its ratio", "spacing first", "square enough", "no pixel is so"],
)
def test_the_picture_has_its_true_shape(stated: dict, size: tuple[int, int], spacing: tuple | None) -> None:
    found = read_radiograph(build_dicom(RAMP, WindowCenter=2048, WindowWidth=4096, **stated))
    assert (found.height_px, found.width_px, found.pixel_spacing_mm) == (*size, spacing)
    assert found.full_depth is not None and found.full_depth.values.shape == size
    assert any("true shape" in note for note in found.warnings) == (size != RAMP.shape)
    np.testing.assert_allclose(found.pixels[0, [0, -1]], RAMP[0, [0, -1]] / 4095, atol=1e-3)


def test_the_limit_of_pixels_holds() -> None:
    picture = Radiograph(np.zeros((100, 100), np.float32), "DICOM", pixel_spacing_mm=(0.4, 0.1))
    square = make_pixels_square(picture, None, 10_000)
    assert square.pixels.size <= 10_000 and (square.height_px, square.width_px) == (200, 50)
    assert square.pixel_spacing_mm == pytest.approx((0.2, 0.2))
