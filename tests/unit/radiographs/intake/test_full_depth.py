"""Full depth: what the browser windows is what pydicom computes, and what the network reads."""

from io import BytesIO
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut

from fracture_core.radiographs.intake.full_depth import get_full_depth
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.radiograph import FullDepth
from tests.sample_files import build_dicom, draw_bone, encode_big_endian_tiff, encode_gray


def build_table(entries: np.ndarray, first: int = 0, bits: int = 16) -> Dataset:
    """Return the item of a lookup table sequence."""
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [len(entries), first, bits], entries.astype("<u2").tobytes()
    item["LUTData"].VR = "OW"
    item.ModalityLUTType = "US"
    return item


SIGNED = (draw_bone(12).astype(np.int32) - 1500).astype(np.int16)
RISING = np.sqrt(np.linspace(0, 1, 4096)) * 65535
CASES: dict[str, dict[str, Any]] = {
    "window": {"WindowCenter": 1200, "WindowWidth": 1500},
    "exact": {"WindowCenter": 1200.5, "WindowWidth": 900.25, "VOILUTFunction": "LINEAR_EXACT"},
    "sigmoid": {"WindowCenter": 1200, "WindowWidth": 900, "VOILUTFunction": "SIGMOID"},
    "rescale": {"WindowCenter": 200, "WindowWidth": 900, "RescaleSlope": 1, "RescaleIntercept": -1024},
    "fine slope": {"WindowCenter": 200, "WindowWidth": 300, "RescaleSlope": 0.2442, "RescaleIntercept": 7.5},
    "falling slope": {"WindowCenter": 3000, "WindowWidth": 1500, "RescaleSlope": -1, "RescaleIntercept": 4095},
    "wide slope": {"WindowCenter": 90000, "WindowWidth": 60000, "RescaleSlope": 40, "RescaleIntercept": 0},
    "modality table": {
        "WindowCenter": 30000,
        "WindowWidth": 50000,
        "ModalityLUTSequence": [build_table(RISING)],
    },
    "signed": {"pixels": SIGNED, "WindowCenter": 100, "WindowWidth": 1500},
    "16 bits": {"pixels": draw_bone(16), "BitsStored": 16, "HighBit": 15, "WindowCenter": 30000, "WindowWidth": 9000},
    "inverted": {"PhotometricInterpretation": "MONOCHROME1", "WindowCenter": 1200, "WindowWidth": 1500},
}


def build(case: str) -> bytes:
    attributes = dict(CASES[case])
    return build_dicom(attributes.pop("pixels", draw_bone(12)), **attributes)


def show(depth: FullDepth) -> np.ndarray:
    """Window as the viewer does; ``(H, W)`` in [0, 1]."""
    values = depth.values.astype(np.float64) * depth.slope + depth.intercept
    part = (values - depth.low) / (depth.high - depth.low)
    shown = 1 / (1 + np.exp(-4 * (part - 0.5))) if depth.is_sigmoid else np.clip(part, 0, 1)
    return 1 - shown if depth.is_inverted else shown


@pytest.mark.parametrize("case", CASES)
def test_values_are_pydicoms_modality_values(case: str) -> None:
    data = build(case)
    dataset = pydicom.dcmread(BytesIO(data))
    depth = get_full_depth(read_radiograph(data))
    assert depth.values.dtype in (np.uint8, np.uint16, np.int16)
    values = depth.values.astype(np.float64) * depth.slope + depth.intercept
    expected = apply_modality_lut(dataset.pixel_array, dataset).astype(np.float64)
    assert np.abs(values - expected).max() <= 0.5001 * depth.slope * (depth.slope != 1)


@pytest.mark.parametrize("case", CASES)
def test_its_window_shows_what_pydicom_and_the_network_see(case: str) -> None:
    data = build(case)
    radiograph, dataset = read_radiograph(data), pydicom.dcmread(BytesIO(data))
    shown = show(get_full_depth(radiograph))
    assert np.abs(shown - radiograph.pixels).max() < 2e-4
    voi = apply_voi_lut(apply_modality_lut(dataset.pixel_array, dataset), dataset).astype(np.float64)
    ends = voi.min(), voi.max()
    of_pydicom = (voi - ends[0]) / (ends[1] - ends[0])
    # With a falling slope, pydicom's output range falls too, and so turns the picture.
    if dataset.PhotometricInterpretation == "MONOCHROME1" or case == "falling slope":
        of_pydicom = 1 - of_pydicom
    span = shown.min(), shown.max()  # pydicom gives the range of the modality values, not of the screen
    assert np.abs((shown - span[0]) / (span[1] - span[0]) - of_pydicom).max() < 2e-3


def test_voi_table_is_applied_and_said() -> None:
    data = build_dicom(draw_bone(12), VOILUTSequence=[build_table(RISING)])
    dataset, radiograph = pydicom.dcmread(BytesIO(data)), read_radiograph(data)
    depth = get_full_depth(radiograph)
    assert np.array_equal(depth.values, apply_voi_lut(dataset.pixel_array, dataset))
    assert "VOI LUT" in depth.notes[0]
    assert np.abs(show(depth) - radiograph.pixels).max() < 1e-4


def test_stored_values_are_kept_without_a_copy_of_their_depth() -> None:
    depth = get_full_depth(read_radiograph(build("window")))
    assert np.array_equal(depth.values, draw_bone(12)) and depth.values.dtype == np.uint16
    assert (depth.slope, depth.intercept, depth.low, depth.high) == (1.0, 0.0, 450.0, 1949.0)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_without_a_window_padding_is_black_and_not_counted(photometric: str) -> None:
    pixels = draw_bone(12) // 2 + 100
    pixels[:5] = 4000
    data = build_dicom(pixels, PixelPaddingValue=4000, PhotometricInterpretation=photometric)
    radiograph = read_radiograph(data)
    depth = get_full_depth(radiograph)
    assert (depth.low, depth.high) == (float(pixels[5:].min()), float(pixels[5:].max()))
    assert show(depth)[:5].max() == 0.0
    assert np.abs(show(depth) - radiograph.pixels).max() < 1e-4


@pytest.mark.parametrize(
    ("data", "levels"),
    [
        (encode_gray(8, "PNG"), 255),
        (encode_gray(12, "PNG"), 4095),
        (encode_gray(16, "TIFF"), 65535),
        (encode_big_endian_tiff(draw_bone(16)), 65535),
    ],
)
def test_gray_files_keep_every_level(data: bytes, levels: int) -> None:
    radiograph = read_radiograph(data)
    depth = get_full_depth(radiograph)
    assert np.array_equal(depth.values, draw_bone(int(np.log2(levels + 1))))
    assert (depth.low, depth.high, depth.is_inverted) == (0.0, float(levels), False)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"ImagerPixelSpacing": [0.15, 0.15]}, False),
        ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.15, 0.15]}, False),
        ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.12, 0.12]}, True),
        ({"PixelSpacing": [0.12, 0.12], "PixelSpacingCalibrationType": "FIDUCIAL"}, True),
        ({"PixelSpacing": [0.12, 0.12]}, False),
        ({}, False),
    ],
)
def test_spacing_says_whether_it_was_calibrated(attributes: dict[str, Any], expected: bool) -> None:
    assert read_radiograph(build_dicom(draw_bone(12), **attributes)).is_spacing_calibrated is expected
