"""Real radiographs of the shared data, where they are there."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import CorruptFileError
from fracture_core.radiographs.intake.read import read_radiograph_file
from tests.sample_files import find_shared_data

# JPEG 2000 at a ratio of 30 to 1; measured: at most 0.0088, on average 0.0007 of the full range.
LOSSY_TOLERANCE, LOSSY_MEAN_TOLERANCE = 0.010, 0.001


@pytest.mark.parametrize("syntax", ["RLE", "JLSL", "JPLL", "J2KI"])
def test_one_ankle_in_five_syntaxes_is_one_picture(syntax: str) -> None:
    reference = read_radiograph_file(find_shared_data("dicom", "RG3_J2KR.dcm"))
    found = read_radiograph_file(find_shared_data("dicom", f"RG3_{syntax}.dcm"))
    assert reference.pixels.shape == (1760, 1760)
    assert reference.photometric == "MONOCHROME1"
    if syntax == "J2KI":
        difference = np.abs(found.pixels - reference.pixels)
        assert 0 < difference.max() <= LOSSY_TOLERANCE
        assert difference.mean() <= LOSSY_MEAN_TOLERANCE
    else:
        np.testing.assert_array_equal(found.pixels, reference.pixels)


def test_bone_is_brighter_than_air_in_both_senses() -> None:
    ankle = read_radiograph_file(find_shared_data("dicom", "RG3_JLSL.dcm")).pixels  # MONOCHROME1
    assert ankle[800, 850] > ankle[800, 500] + 0.3  # shaft of the tibia, air beside the leg
    hip = read_radiograph_file(find_shared_data("dicom", "RG2_J2KR.dcm"))  # MONOCHROME2
    assert hip.pixels[900, 950] > hip.pixels[1900, 500] + 0.3  # head of the femur, air below
    assert hip.pixel_spacing_mm == (0.2, 0.2)


def jpegs_without_end(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*.jpg")):
        with path.open("rb") as file:
            file.seek(-2, 2)
            if file.read() != b"\xff\xd9":
                yield path


@pytest.mark.slow
def test_jpegs_cut_short_are_refused_as_such() -> None:
    paths = list(jpegs_without_end(find_shared_data("FracAtlas", "images", "Non_fractured")))
    assert paths, "the shared data is known to hold some"
    for path in paths:
        with pytest.raises(CorruptFileError, match="cut short"):
            read_radiograph_file(path)


def test_whole_jpegs_are_read() -> None:
    folder = find_shared_data("FracAtlas", "images", "Fractured")
    for path in sorted(folder.glob("*.jpg"))[::12]:
        found = read_radiograph_file(path)
        assert found.source_type == "JPEG"
        assert found.warnings == ()
