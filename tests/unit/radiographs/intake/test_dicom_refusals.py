"""DICOM files that are refused: no pictures, too large, encrypted, lying, cut short."""

import tracemalloc
import zlib
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame

from fracture_core.base.errors import (
    CorruptFileError,
    EncryptedFileError,
    IntakeError,
    LimitExceededError,
    NoPixelsError,
    UnsupportedTypeError,
)
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    LOSSLESS_SYNTAXES,
    LOSSY_SYNTAXES,
    PATIENT_SECRETS,
    build_compressed,
    build_dataset,
    build_dicom,
    draw_bone,
    encapsulate_frames,
    encode_gray,
    write_dicom,
)

BONE = draw_bone()


def refuse(data: bytes, kind: type[IntakeError], settings: Settings | None = None) -> IntakeError:
    """Read, expecting that kind of error; it must have a remedy and nothing of the patient."""
    with pytest.raises(kind) as caught:
        read_radiograph(data, settings=settings)
    assert caught.value.remedy
    assert not any(secret in str(caught.value) for secret in PATIENT_SECRETS)
    return caught.value


@pytest.mark.parametrize(
    ("sop_class", "modality", "words"),
    [
        (uid.BasicTextSRStorage, "SR", "SR"),
        (uid.EncapsulatedPDFStorage, "DOC", "PDF"),
        (uid.GrayscaleSoftcopyPresentationStateStorage, "PR", "Presentation State"),
        (uid.MediaStorageDirectoryStorage, "OT", "DICOMDIR"),
        (uid.UID("1.2.3.4"), "OT", "not known"),
        (uid.ComputedRadiographyImageStorage, "CR", "no pixels"),
    ],
)
def test_objects_without_pixels_are_named(sop_class: uid.UID, modality: str, words: str) -> None:
    error = refuse(build_dicom(SOPClassUID=sop_class, Modality=modality), NoPixelsError)
    assert words in error.problem


def test_encrypted_attributes_without_pixels() -> None:
    item = Dataset()
    item.EncryptedContentTransferSyntaxUID = uid.ExplicitVRLittleEndian
    item.EncryptedContent = b"\x00\x01" * 50
    assert "encrypted" in refuse(build_dicom(EncryptedAttributesSequence=[item]), EncryptedFileError).problem
    assert read_radiograph(build_dicom(BONE, EncryptedAttributesSequence=[item])).pixels.shape == BONE.shape


def with_syntax(data: bytes, syntax: str) -> bytes:
    """Replace the transfer syntax in the file meta information, and its length."""
    old = build_meta_value(uid.ExplicitVRLittleEndian)
    new = build_meta_value(syntax)
    assert old in data
    length_at = data.index(b"UL\x04\x00") + 4
    length = int.from_bytes(data[length_at : length_at + 4], "little") + len(new) - len(old)
    data = data[:length_at] + length.to_bytes(4, "little") + data[length_at + 4 :]
    return data.replace(old, new)


def build_meta_value(syntax: str) -> bytes:
    value = syntax.encode() + b"\x00" * (len(syntax) % 2)
    return b"UI" + len(value).to_bytes(2, "little") + value


@pytest.mark.parametrize(
    ("syntax", "words"),
    [
        ("1.2.840.10008.1.2.4.100", "MPEG2"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4"),
        ("1.2.840.10008.1.2.4.107", "HEVC"),
        ("1.2.840.10008.1.2.4.94", "JPIP"),
        ("1.2.840.10008.1.2.4.110", "JPEG XL"),
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2"),
        ("1.2.3.4.5", "1.2.3.4.5"),
    ],
)
def test_syntaxes_that_are_not_read_are_named(syntax: str, words: str) -> None:
    assert words in refuse(with_syntax(build_dicom(BONE), syntax), UnsupportedTypeError).problem


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"])
def test_deflated_files_are_refused_before_they_are_inflated(syntax: str) -> None:
    """20 MB of zeros deflate to 20 kB; none of it may be unpacked."""
    header = with_syntax(build_dicom(BONE), syntax)
    bomb = header[:400] + zlib.compress(b"\x00" * 20_000_000, wbits=-15)
    tracemalloc.start()
    error = refuse(bomb, UnsupportedTypeError)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "deflate" in error.problem.lower()
    assert peak_bytes < 2_000_000


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


def test_compressed_pixels_that_are_not_encapsulated() -> None:
    refuse(with_syntax(build_dicom(BONE), uid.JPEG2000Lossless), CorruptFileError)


def test_a_header_of_millions_of_elements_is_refused_early() -> None:
    data = build_dicom(BONE)
    at = data.index(b"\x08\x00\x16\x00UI")
    element = b"\x09\x00\x01\x00LO\x00\x00"
    assert "elements" in refuse(data[:at] + element * 1_000_000, LimitExceededError).problem


def test_a_table_sequence_of_a_hundred_thousand_items_is_refused_before_it_is_unfolded() -> None:
    item = b"\xfe\xff\x00\xe0\x00\x00\x00\x00"
    dataset = build_dataset(BONE)
    data = write_dicom(dataset)
    at = data.index(b"\xe0\x7f\x10\x00OW")
    bomb = item * 100_000
    element = b"\x28\x00\x00\x30SQ\x00\x00" + len(bomb).to_bytes(4, "little") + bomb
    assert "ModalityLUTSequence" in refuse(data[:at] + element + data[at:], LimitExceededError).problem


def test_deeply_nested_sequences_do_not_break_the_reader() -> None:
    data = build_dicom(BONE)
    at = data.index(b"\x08\x00\x16\x00UI")
    level = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    refuse(data[:at] + level * 5000 + data[at:], CorruptFileError)
