"""Text that may be burned into a picture is told from the header, and reaches the reading's warnings."""

import pytest
from pydicom import uid

from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dicom, draw_bone


def find_notices(**attributes: object) -> list[str]:
    radiograph = read_radiograph(build_dicom(draw_bone(), **attributes))
    return [warning for warning in radiograph.warnings if "text" in warning]


def test_stated_text_is_told() -> None:
    assert "says that text is burned into" in find_notices(BurnedInAnnotation="YES")[0]


@pytest.mark.parametrize(
    "attributes",
    [
        {"SOPClassUID": uid.SecondaryCaptureImageStorage},
        {"ConversionType": "DF"},
        {"ImageType": ["DERIVED", "SECONDARY"]},
        {"ImageType": ["ORIGINAL", "PRIMARY", "SCREEN SAVE"]},
    ],
)
def test_a_capture_may_hold_text_unless_it_says_no(attributes: dict[str, object]) -> None:
    assert "secondary capture" in find_notices(**attributes)[0]
    assert find_notices(**attributes, BurnedInAnnotation="NO") == []


@pytest.mark.parametrize("attributes", [{}, {"ImageType": ["ORIGINAL", "PRIMARY"]}, {"BurnedInAnnotation": "NO"}])
def test_a_plain_radiograph_is_not_suspected(attributes: dict[str, object]) -> None:
    assert find_notices(**attributes) == []
