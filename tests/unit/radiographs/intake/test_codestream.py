"""Headers of JPEG, JPEG-LS and JPEG 2000 codestreams."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread, uid
from pydicom.encaps import get_frame

from fracture_core.base.errors import CorruptFileError, LimitExceededError
from fracture_core.radiographs.intake.codestream import (
    check_jpeg_structure,
    has_end_marker,
    may_be_filled,
    read_codestream,
    with_altered_tail,
)
from tests.sample_files import build_compressed, draw_bone, draw_color, encode, encode_gray

CODESTREAM_SYNTAXES = {
    uid.JPEGBaseline8Bit: ("baseline", 8),
    uid.JPEGLosslessSV1: ("lossless", 16),  # GDCM writes 16 for 12 stored bits
    uid.JPEGLSLossless: ("JPEG-LS", 12),
    uid.JPEG2000Lossless: ("JPEG 2000", 12),
}


def get_codestream(syntax: uid.UID) -> bytes:
    return get_frame(dcmread(BytesIO(build_compressed(syntax))).PixelData, 0, number_of_frames=1)


@pytest.mark.parametrize("syntax", CODESTREAM_SYNTAXES, ids=lambda syntax: syntax.name[:24])
def test_header_of_each_kind(syntax: uid.UID) -> None:
    found = read_codestream(get_codestream(syntax))
    height_px, width_px = draw_bone().shape
    assert (found.process, found.bits) == CODESTREAM_SYNTAXES[syntax]
    assert (found.width_px, found.height_px, found.components) == (width_px, height_px, 1)
    assert has_end_marker(get_codestream(syntax))


def test_header_behind_the_boxes_of_a_jp2_file() -> None:
    codestream = get_codestream(uid.JPEG2000Lossless)
    boxed = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00\x00\x00\x00jp2c" + codestream
    assert read_codestream(boxed) == read_codestream(codestream)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc0\x00", b"\xff\x4f\xff\x51\x00", b"nothing"])
def test_no_header_or_half_of_one_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptFileError):
        read_codestream(data)


def test_a_complete_progressive_jpeg_passes_and_one_without_its_last_scan_does_not() -> None:
    data = encode(draw_color(), "JPEG", progressive=True)
    check_jpeg_structure(data)
    with pytest.raises(CorruptFileError, match="scans are missing"):
        check_jpeg_structure(data[: data.rfind(b"\xff\xda")] + b"\xff\xd9")


def test_a_jpeg_of_hundreds_of_scans_is_refused() -> None:
    data = encode(draw_color(), "JPEG", progressive=True)
    scan = data[data.rfind(b"\xff\xda") : data.rfind(b"\xff\xd9")]
    with pytest.raises(LimitExceededError, match="abnormal"):
        check_jpeg_structure(data[:-2] + scan * 200 + b"\xff\xd9")


@pytest.mark.parametrize("count", [3, 30_000], ids=["large camera blocks", "many segments"])
def test_a_jpeg_of_abnormal_segments_is_refused(count: int) -> None:
    data = encode_gray(8, "JPEG")
    segment = b"\xff\xe1\xff\xffExif\x00\x00" + b"x" * 65_527 if count == 3 else b"\xff\xe0\x00\x04ab"
    with pytest.raises(LimitExceededError, match="abnormal"):
        check_jpeg_structure(data[:2] + segment * count + data[2:])


def test_a_jpeg_of_stray_bytes_is_refused() -> None:
    """Pillow would step over them one by one."""
    data = encode_gray(8, "JPEG")
    with pytest.raises(CorruptFileError, match="between its segments"):
        check_jpeg_structure(data[:20] + b"x" * 100_000 + data[20:])


@pytest.mark.parametrize("ending", [b"\xff\xd9", b"\xff\xd9\x00", b"\xff\xd9" + b"\x00" * 50, b"\xff\xd9\xff"])
def test_the_end_marker_is_found_before_padding(ending: bytes) -> None:
    assert has_end_marker(b"data" + ending)
    assert not has_end_marker(b"data" + ending[2:])


def test_an_altered_tail_changes_a_jpeg_only_if_its_data_is_not_complete() -> None:
    data = encode_gray(8, "JPEG")

    def decode(jpeg: bytes) -> np.ndarray:
        return np.asarray(Image.open(BytesIO(jpeg)))

    assert np.array_equal(decode(data), decode(with_altered_tail(data)))
    patched = data[: len(data) - 200] + b"\xff\xd9"
    assert may_be_filled(decode(patched), bits=8)
    assert not np.array_equal(decode(patched), decode(with_altered_tail(patched)))


@pytest.mark.parametrize(
    ("value", "bits", "expected"), [(128, 8, True), (512, 10, True), (-2048, 12, True), (0, 8, False)]
)
def test_the_value_that_is_filled_in_is_the_middle_one(value: int, bits: int, expected: bool) -> None:
    assert may_be_filled(np.full((9, 9), value, np.int16), bits) is expected
