"""DICOM files that are read: pixels, frames, colours, warnings, details."""

import logging
import warnings

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fracture_core.base.errors import FrameNotFoundError
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    LOSSLESS_SYNTAXES,
    PATIENT_SECRETS,
    build_bare_dicom,
    build_compressed,
    build_dataset,
    build_dicom,
    draw_bone,
    draw_color,
    encapsulate_frames,
    encode,
    encode_gray,
    read_pydicom_sample,
    write_dicom,
)

BONE = draw_bone()
FULL_WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}  # LINEAR: 0 to 4095 becomes 0 to 1
LUMA = np.array([0.299, 0.587, 0.114])


def build_table(first: int, values: np.ndarray, bits: int) -> Sequence:
    item = Dataset()
    item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(values), first, bits])
    item.add_new("LUTData", "OW", values.astype("<u2").tobytes())
    return Sequence([item])


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_windowed_grayscale(photometric: str) -> None:
    found = read_radiograph(build_dicom(BONE, PhotometricInterpretation=photometric, **FULL_WINDOW))
    expected = BONE / 4095 if photometric == "MONOCHROME2" else 1 - BONE / 4095
    np.testing.assert_allclose(found.pixels, expected, atol=1e-6)
    assert (found.source_type, found.bit_depth, found.photometric) == ("DICOM", 12, photometric)
    assert found.warnings == ()


@pytest.mark.parametrize(
    "syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian], ids=lambda s: s.name
)
def test_a_data_set_without_preamble(syntax: uid.UID) -> None:
    pixels = BONE if syntax.is_little_endian else BONE.byteswap()
    found = read_radiograph(build_bare_dicom(pixels, syntax, **FULL_WINDOW))
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=1e-6)


@pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("is_signed", [False, True])
def test_lossless_compression_changes_nothing(syntax: uid.UID, is_signed: bool) -> None:
    pixels = (BONE.astype(np.int32) - 2048).astype(np.int16) if is_signed else BONE
    center = 0 if is_signed else 2048
    found = read_radiograph(build_compressed(syntax, pixels, WindowCenter=center, WindowWidth=4096))
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=1e-6)
    assert found.details["transfer_syntax"] == syntax.name


@pytest.mark.parametrize(
    ("syntax", "tolerance"), [(uid.JPEG2000, 0.05), (uid.JPEGLSNearLossless, 2 / 4095), (uid.JPEGBaseline8Bit, 0.05)]
)
def test_lossy_compression_stays_close(syntax: uid.UID, tolerance: float) -> None:
    window = {"WindowCenter": 128, "WindowWidth": 256} if syntax == uid.JPEGBaseline8Bit else FULL_WINDOW
    found = read_radiograph(build_compressed(syntax, **window))
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=tolerance + 1e-3)


def test_jpeg_extended_of_12_bits() -> None:
    found = read_radiograph(read_pydicom_sample("JPGExtended.dcm"))
    assert found.pixels.shape == (1024, 256)
    # pydicom's reference values of this file are 244 and 95; without a window 0 to 264 is the range.
    assert found.pixels[420, 140] == pytest.approx(244 / 264)
    assert found.pixels[230, 120] == pytest.approx(95 / 264)


def test_bits_beyond_the_stored_ones_are_dropped() -> None:
    overlay = BONE | np.uint16(0xA000)
    found = read_radiograph(build_dicom(overlay, **FULL_WINDOW))
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=1e-6)


def test_pixels_stored_in_the_high_bits() -> None:
    found = read_radiograph(build_dicom(BONE << np.uint16(4), HighBit=15, **FULL_WINDOW))
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=1e-6)


@pytest.mark.parametrize("vr", ["OB", "OW"])
def test_bytes_in_a_big_endian_file_are_swapped_only_if_stored_as_words(vr: str) -> None:
    pixels = draw_bone(8)
    dataset = build_dataset(pixels if vr == "OB" else pixels.view(np.uint16).byteswap().view(np.uint8))
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRBigEndian
    dataset["PixelData"].VR = vr
    dataset.WindowCenter, dataset.WindowWidth = 128, 256
    np.testing.assert_allclose(read_radiograph(write_dicom(dataset)).pixels, pixels / 255, atol=1e-6)


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
    assert second.pixel_spacing_mm == (0.2, 0.3)


@pytest.mark.parametrize("syntax", [None, uid.RLELossless, uid.JPEG2000Lossless])
def test_frames_are_chosen_by_number(syntax: uid.UID | None) -> None:
    frames = np.stack([np.roll(BONE, 7 * number, axis=1) for number in range(3)])
    data = build_dicom(frames, **FULL_WINDOW) if syntax is None else build_compressed(syntax, frames, **FULL_WINDOW)
    for number in range(3):
        found = read_radiograph(data, frame=number)
        np.testing.assert_allclose(found.pixels, frames[number] / 4095, atol=1e-6)
        assert (found.frame_index, found.frame_count) == (number, 3)
    for number in (3, -1):
        with pytest.raises(FrameNotFoundError, match="holds 3"):
            read_radiograph(data, frame=number)


def test_only_the_frame_asked_for_is_decoded() -> None:
    good = encode_gray(8, "JPEG")
    data = encapsulate_frames(build_dataset(np.stack([draw_bone(8)] * 3)), uid.JPEGBaseline8Bit, [good, b"bad ", good])
    assert read_radiograph(data, frame=2).pixels.shape == BONE.shape


@pytest.mark.parametrize("planar_configuration", [0, 1])
def test_rgb(planar_configuration: int) -> None:
    rgb = np.asarray(draw_color())
    dataset = build_dataset(rgb, PlanarConfiguration=planar_configuration)
    if planar_configuration:
        dataset.PixelData = np.moveaxis(rgb, -1, 0).tobytes()
    found = read_radiograph(write_dicom(dataset))
    np.testing.assert_allclose(found.pixels, rgb @ LUMA / 255, atol=1e-5)
    assert (found.photometric, found.bit_depth) == ("RGB", 8)


def test_ybr_full_and_subsampled_colour_keep_their_luma() -> None:
    ybr = np.asarray(draw_color().convert("YCbCr"))
    full = read_radiograph(build_dicom(ybr, PhotometricInterpretation="YBR_FULL"))
    np.testing.assert_allclose(full.pixels, np.asarray(draw_color()) @ LUMA / 255, atol=2.5 / 255)
    gray = np.full((4, 6, 3), 128, np.uint8)
    gray[..., 0] = np.arange(24).reshape(4, 6) * 10
    pairs = np.concatenate([gray[:, 0::2, :1], gray[:, 1::2, :1], gray[:, 0::2, 1:]], axis=2)
    dataset = build_dataset(gray, PhotometricInterpretation="YBR_FULL_422")
    dataset.PixelData = pairs.tobytes()
    np.testing.assert_allclose(read_radiograph(write_dicom(dataset)).pixels, gray[..., 0] / 255, atol=1 / 255)


def test_colour_jpeg() -> None:
    data = encapsulate_frames(
        build_dataset(np.asarray(draw_color()), PhotometricInterpretation="YBR_FULL_422"),
        uid.JPEGBaseline8Bit,
        [encode(draw_color(), "JPEG", quality=100, subsampling=0)],
    )
    np.testing.assert_allclose(read_radiograph(data).pixels, np.asarray(draw_color()) @ LUMA / 255, atol=3 / 255)


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


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"PixelSpacing": [0.15, 0.2], "ImagerPixelSpacing": [0.1, 0.1]}, (0.15, 0.2)),
        ({"ImagerPixelSpacing": [0.1, 0.12]}, (0.1, 0.12)),
        ({"PixelSpacing": [0, 0]}, None),
        ({}, None),
    ],
)
def test_pixel_spacing(attributes: dict, expected: tuple[float, float] | None) -> None:
    assert read_radiograph(build_dicom(BONE, **attributes)).pixel_spacing_mm == expected


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"BurnedInAnnotation": "YES"}, "burned"),
        ({"Modality": "CT"}, "CT"),
        ({"Modality": "MR"}, "MR"),
        ({"Modality": None}, "modality"),
        ({"PresentationIntentType": "FOR PROCESSING"}, "raw detector data"),
        ({"PhotometricInterpretation": None}, "photometric"),
        ({"RescaleSlope": 0, "RescaleIntercept": 0}, "slope"),
        ({"VOILUTFunction": "CURVED"}, "window function"),
    ],
)
def test_warnings(attributes: dict, words: str) -> None:
    found = read_radiograph(build_dicom(BONE, **FULL_WINDOW, **attributes))
    assert len(found.warnings) == 1
    assert words in found.warnings[0]
    np.testing.assert_allclose(found.pixels, BONE / 4095, atol=1e-6)


@pytest.mark.parametrize("modality", ["CR", "DX", "RF", "XA", "MG"])
def test_radiographic_modalities_need_no_warning(modality: str) -> None:
    assert read_radiograph(build_dicom(BONE, Modality=modality, **FULL_WINDOW)).warnings == ()


def test_details_hold_facts_and_nothing_of_the_patient() -> None:
    found = read_radiograph(
        build_dicom(BONE, ImageLaterality="L", ManufacturerModelName="Flat 9", BurnedInAnnotation="NO", **FULL_WINDOW)
    )
    assert found.details == {
        "modality": "CR",
        "body_part": "ANKLE",
        "view": "AP",
        "laterality": "L",
        "manufacturer_model": "Flat 9",
        "burned_in_annotation": "NO",
        "transfer_syntax": "Explicit VR Little Endian",
    }
    assert not any(secret in repr(found) for secret in PATIENT_SECRETS)


def test_text_that_is_no_code_does_not_reach_details() -> None:
    dataset = build_dataset(BONE)
    dataset.add_new("BodyPartExamined", "LO", "Doe, Jane; born 1970-01-31")
    assert "body_part" not in read_radiograph(write_dicom(dataset)).details


def test_bad_values_of_patient_data_are_not_quoted_in_warnings_or_logs(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = build_dataset(BONE, PatientBirthDate="not a date DOE^JANE", StudyDate="DOE^JANE 19700131 too long")
        dataset.add_new("PixelSpacing", "LO", "DOE^JANE\\x")
        data = write_dicom(dataset)
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = read_radiograph(data)
    assert found.pixel_spacing_mm is None
    assert not any("DOE" in str(warning.message) for warning in caught)
    assert "DOE" not in caplog.text


def test_a_header_written_implicitly_under_an_explicit_syntax_is_read() -> None:
    """Some archives state the wrong one of the two; pydicom looks at the first element."""
    dataset = build_dataset(BONE, **FULL_WINDOW)
    dataset.file_meta.TransferSyntaxUID = uid.ImplicitVRLittleEndian
    data = write_dicom(dataset)
    stated = b"UI\x12\x00" + b"1.2.840.10008.1.2\x00"
    assert stated in data
    wrong = data.replace(stated, b"UI\x14\x00" + b"1.2.840.10008.1.2.1\x00")
    length_at = data.index(b"UL\x04\x00") + 4
    length = int.from_bytes(data[length_at : length_at + 4], "little")
    wrong = wrong[:length_at] + (length + 2).to_bytes(4, "little") + wrong[length_at + 4 :]
    np.testing.assert_allclose(read_radiograph(wrong).pixels, BONE / 4095, atol=1e-6)
