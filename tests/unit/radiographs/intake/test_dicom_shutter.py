"""What a shutter covers is shown as it says, and takes no part in the stretch from darkest to brightest."""

import numpy as np
import pytest

from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dicom

Y, X = np.mgrid[1:65, 1:65]  # rows and columns of the header count from 1
RECTANGLE = {
    "ShutterShape": "RECTANGULAR",
    "ShutterLeftVerticalEdge": 10,
    "ShutterRightVerticalEdge": 50,
    "ShutterUpperHorizontalEdge": 12,
    "ShutterLowerHorizontalEdge": 40,
}
INSIDE = (X >= 10) & (X <= 50) & (Y >= 12) & (Y <= 40)
CIRCLE = {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [32, 30], "RadiusOfCircularShutter": 20}
IN_CIRCLE = (Y - 32) ** 2 + (X - 30) ** 2 <= 20**2
POLYGON = {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [12, 10, 12, 50, 40, 50, 40, 10]}


@pytest.mark.parametrize(
    ("shutter", "inside"),
    [
        (RECTANGLE, INSIDE),
        (CIRCLE, IN_CIRCLE),
        (POLYGON, INSIDE),
        (RECTANGLE | CIRCLE | {"ShutterShape": ["RECTANGULAR", "CIRCULAR"]}, INSIDE & IN_CIRCLE),
    ],
    ids=["rectangle", "circle", "polygon", "two at once"],
)
@pytest.mark.parametrize("window", [{}, {"WindowCenter": 1100, "WindowWidth": 201}], ids=["stretched", "windowed"])
def test_the_border_is_black_and_not_counted(shutter: dict, inside: np.ndarray, window: dict) -> None:
    pixels = np.where(inside, 1000 + X + Y, 4095).astype(np.uint16)
    found = read_radiograph(build_dicom(pixels, **shutter, **window))
    assert (found.pixels[~inside] == 0).all()
    low, high = (pixels[inside].min(), pixels[inside].max()) if not window else (999.5, 1199.5)
    expected = (pixels[inside] - low) / (high - low)
    np.testing.assert_allclose(found.pixels[inside], expected, atol=0.01)
    assert any("shutter covers" in note for note in found.warnings)
    assert found.full_depth is not None and (found.full_depth.values[~inside] <= found.full_depth.low).all()


@pytest.mark.parametrize(("value", "shown"), [(0, 0.0), (65535, 1.0), (32768, 0.5)])
def test_the_presentation_value_stands_there(value: int, shown: float) -> None:
    data = build_dicom(np.full((64, 64), 7, np.uint16), ShutterPresentationValue=value, **RECTANGLE)
    assert read_radiograph(data).pixels[0, 0] == pytest.approx(shown, abs=1e-4)


@pytest.mark.parametrize(
    "shutter",
    [
        {"ShutterShape": "RECTANGULAR"},
        {"ShutterShape": "BITMAP"},
        CIRCLE | {"RadiusOfCircularShutter": 0},
        POLYGON | {"VerticesOfThePolygonalShutter": [1, 2, 3]},
        RECTANGLE | {"ShutterLeftVerticalEdge": 60},
    ],
    ids=["no edges", "bitmap", "no radius", "half a corner", "nothing open"],
)
def test_one_that_cannot_be_used_is_said_and_hides_nothing(shutter: dict) -> None:
    pixels = (X + Y).astype(np.uint16)
    found = read_radiograph(build_dicom(pixels, **shutter))
    assert any("cannot be used and was not applied" in note for note in found.warnings)
    np.testing.assert_allclose(found.pixels, (pixels - 2) / 126, atol=1e-6)
