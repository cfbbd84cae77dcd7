"""A file's type comes from its content."""

import pytest
from pydicom import uid

from fracture_core.base.errors import EncryptedFileError, IntakeError, UnsupportedTypeError
from fracture_core.radiographs.intake.sniff import detect_file_type
from tests.sample_files import build_bare_dicom, build_dicom, draw_bone, encode_big_endian_tiff, encode_gray

PAD = b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (encode_gray(8, "JPEG"), "JPEG"),
        (encode_gray(8, "PNG"), "PNG"),
        (encode_gray(8, "TIFF"), "TIFF"),
        (encode_gray(8, "TIFF", big_tiff=True), "TIFF"),
        (encode_big_endian_tiff(draw_bone(16)), "TIFF"),
        (build_dicom(draw_bone()), "DICOM"),
        (build_bare_dicom(draw_bone(), uid.ImplicitVRLittleEndian), "DICOM"),
        (build_bare_dicom(draw_bone(), uid.ExplicitVRLittleEndian), "DICOM"),
        (build_bare_dicom(draw_bone(), uid.ExplicitVRBigEndian), "DICOM"),
    ],
    ids=["JPEG", "PNG", "TIFF", "BigTIFF", "TIFF MM", "DICOM", "bare implicit", "bare explicit", "bare big endian"],
)
def test_readable_types_are_recognized(data: bytes, expected: str) -> None:
    assert detect_file_type(data) == expected


def test_dicom_with_a_tiff_header_in_its_preamble_is_dicom() -> None:
    data = build_dicom(draw_bone())
    assert detect_file_type(b"II\x2a\x00" + data[4:]) == "DICOM"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n" + PAD, "a PDF document"),
        (b"%PDF-1.7\n1 0 obj << /Encrypt 5 0 R >>" + PAD, "an encrypted PDF document"),
        (b"PK\x03\x04\x14\x00\x00\x00" + PAD, "a ZIP archive"),
        (b"PK\x03\x04\x14\x00\x01\x00" + PAD, "an encrypted ZIP archive"),
        (b"GIF89a" + PAD, "a GIF image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + PAD, "a WebP image"),
        (b"RIFF\x00\x00\x00\x00AVI LIST" + PAD, "an AVI video"),
        (b"\x00\x00\x00\x18ftypheic" + PAD, "a HEIC or AVIF photo"),
        (b"\x00\x00\x00\x18ftypisom" + PAD, "an MP4 or QuickTime video"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36" + PAD, "a BMP image"),
        (b"\xff\x4f\xff\x51" + PAD, "a bare JPEG 2000 codestream"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + PAD, "a JPEG 2000 image (JP2)"),
        (b"\xff\x0a" + PAD, "a JPEG XL image"),
        (b"\x1f\x8b\x08" + PAD, "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c" + PAD, "a 7-Zip archive"),
        (b"\x5c\x01\x00\x00" + b"\x00" * 340 + b"n+1\x00" + PAD, "a NIfTI volume"),
        (b"\x7fELF\x02" + PAD, "an executable program"),
        (b"MZ\x90\x00" + PAD, "an executable program"),
        (b"\x1aE\xdf\xa3" + PAD, "a Matroska or WebM video"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "an SVG drawing"),
        (b'{"00080060": {"vr": "CS"}}', "a JSON document"),
        ("Befund: unauffällig".encode(), "a text file"),
        (b"\x91\xe2\x03\x7f" * 50, "of an unknown type"),
    ],
)
def test_other_types_are_refused_by_name_with_a_remedy(data: bytes, name: str) -> None:
    with pytest.raises(UnsupportedTypeError) as caught:
        detect_file_type(data)
    assert f"The file is {name}" in caught.value.problem
    assert caught.value.remedy


def test_text_whose_last_character_is_cut_by_the_window_is_text() -> None:
    with pytest.raises(UnsupportedTypeError, match="a text file"):
        detect_file_type(b"x" * 4095 + "ä".encode() * 10)


@pytest.mark.parametrize(
    "data",
    [
        b"Salted__" + PAD,
        b"-----BEGIN PGP MESSAGE-----\n",
        bytes.fromhex("3080 06092a864886f70d010703 a080") + PAD,
    ],
    ids=["OpenSSL", "PGP", "CMS"],
)
def test_encrypted_containers_are_called_encrypted(data: bytes) -> None:
    with pytest.raises(EncryptedFileError, match="encrypted"):
        detect_file_type(data)


@pytest.mark.parametrize("data", [b"\x00", b"\xff\xd8", b"II", b"\x08\x00\x05\x00", b"\x89PNG"])
def test_a_few_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(IntakeError):
        detect_file_type(data)
