"""What a DICOM header promises of its pixels: too much, or what makes no sense, is refused before decoding."""

import tracemalloc

import numpy as np
import pytest
from pydicom import uid

from fracture_core.base.errors import CorruptFileError, LimitExceededError, UnsupportedTypeError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dataset, build_dicom, draw_bone, encapsulate_frames, write_dicom
from tests.unit.radiographs.intake.refusals import refuse

BONE = draw_bone()


@pytest.mark.parametrize("syntax", [None, uid.RLELossless, uid.JPEG2000Lossless])
def test_a_header_that_claims_a_huge_picture_costs_no_memory(syntax: uid.UID | None) -> None:
    dataset = build_dataset(BONE, Rows=60000, Columns=60000)
    data = write_dicom(dataset) if syntax is None else encapsulate_frames(dataset, syntax, [b"\x00" * 100])
    tracemalloc.start()
    error = refuse(data, LimitExceededError)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "60000 x 60000" in error.problem
    assert peak_bytes < 2_000_000


def test_limits_come_from_the_settings() -> None:
    data = build_dicom(np.stack([BONE] * 4))
    assert read_radiograph(data, settings=Settings(max_frames=4, max_pixels=BONE.size)).frame_count == 4
    assert "4 frames" in refuse(data, LimitExceededError, Settings(max_frames=3)).problem
    assert "pixels" in refuse(data, LimitExceededError, Settings(max_pixels=BONE.size - 1)).problem
    assert "MB" in refuse(data, LimitExceededError, Settings(max_file_bytes=len(data) - 1)).problem


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"Rows": None}, "Rows"),
        ({"Columns": None}, "Columns"),
        ({"BitsAllocated": None}, "BitsAllocated"),
        ({"Rows": 0}, "48 x 0"),
        ({"BitsAllocated": 12}, "12 bits"),
        ({"BitsStored": 17}, "17 of 16"),
        ({"SamplesPerPixel": 2}, "2 samples"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette"),
    ],
)
def test_headers_that_make_no_sense_name_what_is_wrong(attributes: dict, words: str) -> None:
    assert words in refuse(build_dicom(BONE, **attributes), CorruptFileError).problem


@pytest.mark.parametrize("photometric", ["HSV", "CMYK", "YBR_PARTIAL_420"])
def test_retired_colour_spaces_are_named(photometric: str) -> None:
    data = build_dicom(np.zeros((4, 4, 3), np.uint8), PhotometricInterpretation=photometric)
    assert photometric in refuse(data, UnsupportedTypeError).problem
