"""DICOM files that are read: pixels, frames, colours, warnings, details."""

import logging
import warnings

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.base.errors import FrameNotFoundError
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    PATIENT_SECRETS,
    build_bare_dicom,
    build_compressed,
    build_dataset,
    build_dicom,
    draw_bone,
    draw_color,
    encapsulate_frames,
    encode,
    write_dicom,
)

BONE = draw_bone()
FULL_WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}  # LINEAR: 0 to 4095 becomes 0 to 1
LUMA = np.array([0.299, 0.587, 0.114])


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


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"PixelSpacing": [0.15, 0.2], "ImagerPixelSpacing": [0.1, 0.1]}, (0.15, 0.15)),  # and made square
        ({"ImagerPixelSpacing": [0.1, 0.12]}, (0.1, 0.1)),
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


STUDY = "1.2.826.0.1.3680043.8.498.77"


def hash_exam(**attributes: object) -> str:
    said = {"StudyInstanceUID": STUDY, "PatientID": "1", "BodyPartExamined": "HAND"} | attributes
    return read_radiograph(build_dicom(BONE, **said, **FULL_WINDOW)).exam_sha256


def test_an_exam_is_of_one_study_patient_part_and_side() -> None:
    right = hash_exam(ImageLaterality="R", ViewPosition="AP")
    assert right == hash_exam(ImageLaterality="R", ViewPosition="LL")  # another view of the same hand
    others = (
        hash_exam(ImageLaterality="L"),
        hash_exam(ImageLaterality="R", BodyPartExamined="WRIST"),
        hash_exam(ImageLaterality="R", PatientID="2"),
        hash_exam(ImageLaterality="R", PatientBirthDate="19700101"),
        hash_exam(ImageLaterality="R", PatientName="DOE^JOHN"),
        hash_exam(ImageLaterality="R", StudyInstanceUID=f"{STUDY}.1"),
    )
    assert len({right, *others}) == 1 + len(others)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("placeholder", ["0", "1.2.3", "", "UNKNOWN", "1.2..3.4.5", "0.0"])
def test_a_placeholder_joins_nothing(placeholder: str) -> None:
    assert hash_exam(StudyInstanceUID=placeholder) == ""


def test_a_chest_that_is_only_coded_is_told() -> None:
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = "T-D3000", "SRT", "Chest"
    details = read_radiograph(build_dicom(BONE, BodyPartExamined=None, AnatomicRegionSequence=[region])).details
    assert details["body_part"] == "CHEST"


def test_two_sides_are_none_and_it_is_said() -> None:
    radiograph = read_radiograph(build_dicom(BONE, ImageLaterality="R", Laterality="L", **FULL_WINDOW))
    assert "laterality" not in radiograph.details
    assert any("contradicts itself on the side" in note for note in radiograph.warnings)
