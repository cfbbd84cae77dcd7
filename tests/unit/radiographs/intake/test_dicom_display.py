"""How a DICOM frame is shown, as its header says: tables, window, padding, palette, functional groups."""

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dataset, build_dicom, draw_bone, write_dicom

BONE = draw_bone()
FULL_WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}  # LINEAR: 0 to 4095 becomes 0 to 1
LUMA = np.array([0.299, 0.587, 0.114])


def build_table(first: int, values: np.ndarray, bits: int) -> Sequence:
    item = Dataset()
    item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(values), first, bits])
    item.add_new("LUTData", "OW", values.astype("<u2").tobytes())
    return Sequence([item])


def test_signed_pixels_with_rescale() -> None:
    pixels = (BONE.astype(np.int32) - 2048).astype(np.int16)
    data = build_dicom(pixels, RescaleSlope=2, RescaleIntercept=100, WindowCenter=100, WindowWidth=8191)
    expected = np.clip(((pixels * 2.0 + 100) - 99.5) / 8190 + 0.5, 0, 1)
    np.testing.assert_allclose(read_radiograph(data).pixels, expected, atol=1e-6)


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_window_functions_come_from_the_header(function: str) -> None:
    data = build_dicom(np.array([[1000, 2000, 3000]], np.uint16), WindowCenter=2000, WindowWidth=4000)
    found = read_radiograph(
        build_dicom(
            np.array([[1000, 2000, 3000]], np.uint16), WindowCenter=2000, WindowWidth=4000, VOILUTFunction=function
        )
    ).pixels
    expected = {
        "LINEAR": [-999.5 / 3999 + 0.5, 0.5 / 3999 + 0.5, 1000.5 / 3999 + 0.5],
        "LINEAR_EXACT": [0.25, 0.5, 0.75],
        "SIGMOID": [1 / (1 + np.e), 0.5, 1 / (1 + 1 / np.e)],
    }[function]
    np.testing.assert_allclose(found, [expected], atol=1e-6)
    if function == "LINEAR":
        np.testing.assert_array_equal(read_radiograph(data).pixels, found)


def test_of_several_windows_the_first_is_used() -> None:
    data = build_dicom(BONE, WindowCenter=[2048, 100], WindowWidth=[4096, 50])
    np.testing.assert_allclose(read_radiograph(data).pixels, BONE / 4095, atol=1e-6)


@pytest.mark.parametrize("window", [{}, {"WindowCenter": 10, "WindowWidth": 0}], ids=["none", "without width"])
def test_without_a_usable_window_brightness_is_stretched_with_a_warning(window: dict) -> None:
    pixels = np.array([[0, 1000, 2000, 3000]], np.uint16)
    found = read_radiograph(build_dicom(pixels, PixelPaddingValue=0, **window))
    np.testing.assert_allclose(found.pixels, [[0, 0, 0.5, 1]])
    assert any("window" in warning and "stretched" in warning for warning in found.warnings)


def test_padding_of_signed_pixels_in_implicit_encoding() -> None:
    pixels = np.array([[-2000, 0, 100, 200]], np.int16)
    dataset = build_dataset(pixels)
    dataset.add_new("PixelPaddingValue", "SS", -2000)
    dataset.file_meta.TransferSyntaxUID = uid.ImplicitVRLittleEndian
    np.testing.assert_allclose(read_radiograph(write_dicom(dataset)).pixels, [[0, 0, 0.5, 1]])


def test_modality_and_voi_tables() -> None:
    pixels = np.array([[0, 1, 2, 3]], np.uint16)
    modality = build_table(1, np.array([0, 500, 1000]), 12)
    voi = build_table(0, np.linspace(0, 1023, 1001).astype(int), 10)
    found = read_radiograph(build_dicom(pixels, ModalityLUTSequence=modality, VOILUTSequence=voi, **FULL_WINDOW))
    np.testing.assert_allclose(found.pixels, [[0, 0, 511 / 1023, 1]], atol=1e-6)
    assert found.warnings == ()


def test_a_table_of_8_bits_is_not_overrun_by_larger_pixels() -> None:
    """pydicom's own apply_voi wraps here: 1,023 would become black."""
    pixels = np.array([[0, 512, 1023]], np.uint16)
    voi = build_table(0, np.arange(1024) // 4, 8)
    np.testing.assert_allclose(read_radiograph(build_dicom(pixels, VOILUTSequence=voi)).pixels, [[0, 128 / 255, 1]])


def test_a_table_that_begins_below_zero() -> None:
    pixels = np.array([[-2, 0, 2]], np.int16)
    modality = build_table(-2, np.array([0, 1, 2, 3, 4]), 16)
    found = read_radiograph(build_dicom(pixels, ModalityLUTSequence=modality))
    np.testing.assert_allclose(found.pixels, [[0, 0.5, 1]])


def test_enhanced_objects_state_window_rescale_and_spacing_per_frame() -> None:
    groups = []
    for frame in range(2):
        group, window, rescale = Dataset(), Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth, window.VOILUTFunction = 1000 * (frame + 1), 2000, "LINEAR_EXACT"
        rescale.RescaleSlope, rescale.RescaleIntercept = 2, 0
        group.FrameVOILUTSequence, group.PixelValueTransformationSequence = [window], [rescale]
        groups.append(group)
    shared, measures = Dataset(), Dataset()
    measures.PixelSpacing = [0.2, 0.3]
    shared.PixelMeasuresSequence = [measures]
    data = build_dicom(
        np.full((2, 2, 2), 500, np.uint16),
        PerFrameFunctionalGroupsSequence=groups,
        SharedFunctionalGroupsSequence=[shared],
    )
    assert read_radiograph(data, frame=0).pixels[0, 0] == pytest.approx(0.5)
    second = read_radiograph(data, frame=1)
    assert second.pixels[0, 0] == pytest.approx(0.0)
    assert second.pixel_spacing_mm == (0.2, 0.2) and second.width_px == 3  # 2 px of 0.3 mm, made square


@pytest.mark.parametrize("bits", [8, 16])
def test_palette(bits: int) -> None:
    indices = np.array([[0, 1, 2, 3]], np.uint8)
    dataset = build_dataset(indices, PhotometricInterpretation="PALETTE COLOR")
    colors = {"Red": [0, 255, 0, 0], "Green": [0, 0, 255, 0], "Blue": [0, 0, 0, 255]}
    for name, values in colors.items():
        scale = 257 if bits == 16 else 1
        table = (np.array(values) * scale).astype("<u2" if bits == 16 else "u1")
        dataset.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [4, 0, bits])
        dataset.add_new(f"{name}PaletteColorLookupTableData", "OW", table.tobytes())
    found = read_radiograph(write_dicom(dataset))
    np.testing.assert_allclose(found.pixels, [[0, *LUMA]], atol=1e-6)
    assert found.photometric == "RGB"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("keyword", "written"),
    [("RescaleSlope", "0,25"), ("RescaleSlope", "0.25\\"), ("RescaleSlope", " 0.25 "), ("RescaleIntercept", "-100,0")],
)
def test_a_number_is_read_as_its_writer_meant_it(keyword: str, written: str) -> None:
    dataset = build_dataset(BONE, WindowCenter=512, WindowWidth=1024)
    dataset.add_new(keyword, "LO", written)
    slope, intercept = (0.25, 0.0) if keyword == "RescaleSlope" else (1.0, -100.0)
    expected = np.clip((BONE * slope + intercept - 511.5) / 1023 + 0.5, 0, 1)
    found = read_radiograph(write_dicom(dataset))
    np.testing.assert_allclose(found.pixels, expected, atol=1e-6)
    assert found.warnings == ()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("keyword", ["RescaleSlope", "RescaleIntercept"])
def test_no_window_is_applied_in_units_that_are_not_known(keyword: str) -> None:
    dataset = build_dataset(BONE, WindowCenter=512, WindowWidth=1024)
    dataset.add_new(keyword, "LO", "NaN")
    found = read_radiograph(write_dicom(dataset))
    np.testing.assert_allclose(found.pixels, (BONE - BONE.min()) / float(BONE.max() - BONE.min()), atol=1e-6)
    name = "rescale slope" if keyword == "RescaleSlope" else "rescale intercept"
    assert any(name in note and "cannot be read" in note for note in found.warnings)
    assert not any("states no window" in note for note in found.warnings)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("centers", ["2048,0", "NaN\\2048", "\\2048"])
def test_the_first_window_that_can_be_read_is_used(centers: str) -> None:
    dataset = build_dataset(BONE, WindowWidth=[4096, 4096])
    dataset.add_new("WindowCenter", "LO", centers)
    np.testing.assert_allclose(read_radiograph(write_dicom(dataset)).pixels, BONE / 4095, atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_a_window_that_cannot_be_read_is_not_told_as_none() -> None:
    dataset = build_dataset(BONE, WindowWidth=4096)
    dataset.add_new("WindowCenter", "LO", "wide")
    notes = read_radiograph(write_dicom(dataset)).warnings
    assert any("window cannot be read" in note for note in notes) and not any("states no" in note for note in notes)


def test_a_narrow_window_over_fractions_is_one() -> None:
    data = build_dicom(BONE, RescaleSlope="0.0001", RescaleIntercept=0, WindowCenter="0.2", WindowWidth="0.3")
    np.testing.assert_allclose(read_radiograph(data).pixels, np.clip((BONE * 1e-4 - 0.2) / 0.3 + 0.5, 0, 1), atol=1e-6)


@pytest.mark.parametrize("sense", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("window", [{}, FULL_WINDOW], ids=["stretched", "windowed"])
@pytest.mark.parametrize("padding", [0, 4095])
def test_padding_is_black_whatever_shows_the_rest(sense: str, window: dict, padding: int) -> None:
    pixels = np.clip(BONE, 100, 3000).astype(np.uint16)
    pixels[:5] = padding
    data = build_dicom(pixels, PhotometricInterpretation=sense, PixelPaddingValue=padding, **window)
    found = read_radiograph(data)
    assert (found.pixels[:5] == 0).all() and found.pixels[5:].max() > 0.5


def test_raw_detector_data_is_told_by_its_class_alone() -> None:
    data = build_dicom(BONE, SOPClassUID=uid.DigitalXRayImageStorageForProcessing, Modality="DX", **FULL_WINDOW)
    assert any("FOR PROCESSING" in note for note in read_radiograph(data).warnings)
