"""Pixels of DICOM files: decoded as they were stored, refused where they are not all there."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.encaps import get_frame

from fracture_core.base.errors import CorruptFileError
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    LOSSLESS_SYNTAXES,
    LOSSY_SYNTAXES,
    build_compressed,
    build_dataset,
    build_dicom,
    draw_bone,
    encapsulate_frames,
    encode_gray,
    read_pydicom_sample,
    write_dicom,
)
from tests.unit.radiographs.intake.refusals import refuse, with_syntax

BONE = draw_bone()
FULL_WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}  # LINEAR: 0 to 4095 becomes 0 to 1


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


def test_only_the_frame_asked_for_is_decoded() -> None:
    good = encode_gray(8, "JPEG")
    data = encapsulate_frames(build_dataset(np.stack([draw_bone(8)] * 3)), uid.JPEGBaseline8Bit, [good, b"bad ", good])
    assert read_radiograph(data, frame=2).pixels.shape == BONE.shape


@pytest.mark.parametrize(
    "attributes",
    [{"Rows": BONE.shape[0] * 2}, {"Columns": BONE.shape[1] + 1}, {"NumberOfFrames": 2}, {"BitsAllocated": 32}],
    ids=lambda attributes: next(iter(attributes)),
)
def test_less_pixel_data_than_promised_is_called_cut_short(attributes: dict) -> None:
    assert "cut short" in refuse(build_dicom(BONE, **attributes), CorruptFileError).problem


@pytest.mark.parametrize("syntax", [*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES], ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("attributes", [{"Rows": 4}, {"Rows": 400}, {"Columns": 49}], ids=str)
def test_a_header_of_another_size_than_the_codestream_is_refused(syntax: uid.UID, attributes: dict) -> None:
    data = build_compressed(syntax)
    for keyword, tag in (("Rows", b"\x28\x00\x10\x00US\x02\x00"), ("Columns", b"\x28\x00\x11\x00US\x02\x00")):
        if keyword in attributes:
            at = data.index(tag) + len(tag)
            data = data[:at] + attributes[keyword].to_bytes(2, "little") + data[at + 2 :]
    refuse(data, CorruptFileError)


def test_a_huge_codestream_behind_a_small_header_is_refused_before_decoding() -> None:
    codestream = encode_gray(8, "JPEG")
    size = BONE.shape[0].to_bytes(2, "big") + BONE.shape[1].to_bytes(2, "big")
    data = encapsulate_frames(
        build_dataset(draw_bone(8)), uid.JPEGBaseline8Bit, [codestream.replace(size, b"\xff\xdc\xff\xdc")]
    )
    assert "65500 x 65500" in refuse(data, CorruptFileError).problem


@pytest.mark.parametrize("syntax", [None, *LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES], ids=lambda s: s.name if s else "plain")
@pytest.mark.parametrize("part", [0.15, 0.3, 0.6, 0.75, 0.9, 0.99])
def test_a_file_cut_short_is_refused(syntax: uid.UID | None, part: float) -> None:
    data = build_dicom(BONE) if syntax is None else build_compressed(syntax)
    assert "cut short" in refuse(data[: int(len(data) * part)], CorruptFileError).problem


@pytest.mark.parametrize(
    "syntax", [uid.JPEGBaseline8Bit, uid.JPEGLosslessSV1, uid.JPEGLSLossless, uid.JPEG2000Lossless]
)
@pytest.mark.parametrize("has_end", [False, True])
def test_a_codestream_cut_short_inside_a_whole_file_is_refused(syntax: uid.UID, has_end: bool) -> None:
    """JPEG's decoders fill in gray and say nothing; the others notice by themselves."""
    dataset = dcmread(BytesIO(build_compressed(syntax)))
    codestream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    for part in (0.5, 0.7, 0.9):
        cut = codestream[: int(len(codestream) * part)] + (b"\xff\xd9" if has_end else b"")
        refuse(encapsulate_frames(dataset, syntax, [cut]), CorruptFileError)


def test_fewer_compressed_frames_than_promised() -> None:
    dataset = build_dataset(np.stack([draw_bone(8)] * 3))
    data = encapsulate_frames(dataset, uid.JPEGBaseline8Bit, [encode_gray(8, "JPEG")] * 2)
    assert "cut short" in refuse(data, CorruptFileError).problem


def test_compressed_pixels_that_are_not_encapsulated() -> None:
    refuse(with_syntax(build_dicom(BONE), uid.JPEG2000Lossless), CorruptFileError)
