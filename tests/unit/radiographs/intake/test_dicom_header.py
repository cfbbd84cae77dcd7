"""The header of a DICOM file: what is no picture, encrypted, compressed in other ways or endless is refused."""

import tracemalloc
import zlib

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.base.errors import (
    CorruptFileError,
    EncryptedFileError,
    LimitExceededError,
    NoPixelsError,
    UnsupportedTypeError,
)
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dataset, build_dicom, draw_bone, write_dicom
from tests.unit.radiographs.intake.refusals import refuse, with_syntax

BONE = draw_bone()
FULL_WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}  # LINEAR: 0 to 4095 becomes 0 to 1


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


def test_a_header_of_millions_of_elements_is_refused_early() -> None:
    data = build_dicom(BONE)
    at = data.index(b"\x08\x00\x16\x00UI")
    element = b"\x09\x00\x01\x00LO\x00\x00"
    assert "elements" in refuse(data[:at] + element * 1_000_000, LimitExceededError).problem


def test_deeply_nested_sequences_do_not_break_the_reader() -> None:
    data = build_dicom(BONE)
    at = data.index(b"\x08\x00\x16\x00UI")
    level = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    refuse(data[:at] + level * 5000 + data[at:], CorruptFileError)


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
