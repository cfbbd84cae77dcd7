"""The header of a DICOM file: read through an allow-list, checked before any pixel is touched.

Only the tags named here are ever kept, so that no patient's name, id, date or UID gets further than this file.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError
from struct import unpack, unpack_from
from threading import Lock
from typing import Any

from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag, Tag

from fracture_core.base import (
    CorruptFileError,
    EncryptedFileError,
    LimitExceededError,
    NoPixelsError,
    UnsupportedTypeError,
)

# pydicom's log messages may quote values of the header.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
_warnings_lock = Lock()

NATIVE_SYNTAXES = (uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian)
COMPRESSED_SYNTAXES = (
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEGLSNearLossless,
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.HTJ2K,
    uid.RLELossless,
)
UNDEFINED_LENGTH = 0xFFFFFFFF
_PIXEL_KEYWORDS = {0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData", 0x7FE00010: "PixelData"}
_LONG_VRS = (b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV")
_META_KEYWORDS = ("FileMetaInformationGroupLength", "TransferSyntaxUID", "MediaStorageSOPClassUID")
_KEYWORDS = (
    "StudyInstanceUID",  # of these five only one hash goes on
    "PatientID",
    "IssuerOfPatientID",
    "PatientName",
    "PatientBirthDate",
    "SOPClassUID",
    "Modality",
    "PresentationIntentType",
    "BodyPartExamined",
    "ViewPosition",
    "Laterality",
    "ImageLaterality",
    "AnatomicRegionSequence",
    "ViewCodeSequence",
    "ManufacturerModelName",
    "BurnedInAnnotation",
    "ImageType",
    "ConversionType",
    "PixelSpacing",
    "PixelSpacingCalibrationType",
    "ImagerPixelSpacing",
    "PixelAspectRatio",
    "ShutterShape",
    "ShutterLeftVerticalEdge",
    "ShutterRightVerticalEdge",
    "ShutterUpperHorizontalEdge",
    "ShutterLowerHorizontalEdge",
    "CenterOfCircularShutter",
    "RadiusOfCircularShutter",
    "VerticesOfThePolygonalShutter",
    "ShutterPresentationValue",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "RescaleIntercept",
    "RescaleSlope",
    "WindowCenter",
    "WindowWidth",
    "VOILUTFunction",
    "ModalityLUTSequence",
    "VOILUTSequence",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "EncryptedAttributesSequence",
)
_JPEG_XL = {f"1.2.840.10008.1.2.4.{number}" for number in (110, 111, 112)}
_META_TAGS: list[BaseTag | int] = [Tag(keyword) for keyword in _META_KEYWORDS]
_TAGS: list[BaseTag | int] = [Tag(keyword) for keyword in _KEYWORDS]
_EXPORT_AGAIN = "Export the radiograph again from the PACS."
_EXPORT_PLAIN = (
    "Export the radiograph again from the PACS as uncompressed DICOM (Explicit VR Little Endian), or as PNG."
)


@dataclass(frozen=True)
class DicomHeader:
    """What a DICOM file says of its picture.

    Attributes:
        dataset: the allow-listed elements, still in the file's encoding.
        transfer_syntax: one of the native or compressed syntaxes.
        pixel_keyword: "PixelData", "FloatPixelData" or "DoubleFloatPixelData".
        pixel_vr: its value representation; bytes stored as words are swapped in big-endian files.
        pixels_at: offset of the pixel element's value in the file.
        pixels_length: its length in bytes as stated; `UNDEFINED_LENGTH` when encapsulated.
    """

    dataset: Dataset
    transfer_syntax: uid.UID
    pixel_keyword: str
    pixel_vr: str
    pixels_at: int
    pixels_length: int


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """Silence Python warnings, which may quote the header; one thread at a time, for the filters are global."""
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_header(data: bytes) -> DicomHeader:
    """Read a DICOM file up to its pixels.

    Args:
        data: a DICOM file, with or without the preamble (PS3.10 sec. 7.1).

    Raises:
        CorruptFileError: cut short or damaged.
        EncryptedFileError: its attributes are encrypted and there are no pixels (PS3.15 Annex E).
        LimitExceededError: more elements than a picture's header can need.
        NoPixelsError: it is no picture; names what it is.
        UnsupportedTypeError: its transfer syntax is not read; names it.
    """
    stream = _HeaderStream(data)
    stream.seek(132 if data[128:132] == b"DICM" else 0)
    meta = _read_meta(stream, data)
    syntax = _check_syntax(meta)
    is_little_endian = _is_little_endian(data, stream.tell(), syntax)
    dataset = _read_elements(
        stream,
        is_implicit_VR=syntax in (None, uid.ImplicitVRLittleEndian),
        is_little_endian=is_little_endian,
        stop_when=lambda tag, vr, length: tag in _PIXEL_KEYWORDS,
        specific_tags=_TAGS,
    )
    pixel_element = data[stream.tell() : stream.tell() + 12]
    if not pixel_element:
        _refuse_without_pixels(meta, dataset, is_cut_short=stream.is_cut_short)
    is_implicit_vr = bool(dataset.original_encoding[0])
    if syntax is None:
        syntax = uid.ExplicitVRLittleEndian if is_little_endian else uid.ExplicitVRBigEndian
    keyword, vr, value_offset, length = _read_pixel_element(pixel_element, is_implicit_vr, is_little_endian)
    return DicomHeader(dataset, syntax, keyword, vr, stream.tell() + value_offset, length)


class _HeaderStream(BytesIO):
    """Counts reads, so that a header of millions of tiny elements stops early; notes when data runs out."""

    _MAX_READS = 300_000  # two to three an element; an enhanced object of 500 frames needs half of that

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._size_bytes = len(data)
        self._reads = 0
        self.is_cut_short = False

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > self._MAX_READS:
            raise LimitExceededError(
                "The DICOM file's header holds more elements than a picture's header can need.", _EXPORT_AGAIN
            )
        found = super().read(size)
        self.is_cut_short |= size is not None and 0 < len(found) < size
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        position = super().seek(offset, whence)
        self.is_cut_short |= position > self._size_bytes
        return position


def _read_elements(stream: _HeaderStream, **options: Any) -> Dataset:
    try:
        return read_dataset(stream, **options)
    except (OSError, EOFError, StructError):  # an element or a sequence without its end
        raise _cut_short() from None


def _read_meta(stream: _HeaderStream, data: bytes) -> Dataset:
    """Read the file meta information, always Explicit VR Little Endian (PS3.10 sec. 7.1)."""
    start = stream.tell()
    meta = _read_elements(
        stream,
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=lambda tag, vr, length: tag >> 16 != 2,
        specific_tags=_META_TAGS,
    )
    group_length = meta.get("FileMetaInformationGroupLength")
    if isinstance(group_length, int) and start + 12 + group_length > len(data):
        raise _cut_short()
    if stream.tell() >= len(data):
        raise _cut_short()
    return meta


def _check_syntax(meta: Dataset) -> uid.UID | None:
    """Return the transfer syntax, None where it is not stated (PS3.5 sec. 10)."""
    stated = meta.get("TransferSyntaxUID")
    if not stated:
        return None
    syntax = uid.UID(str(stated))
    if syntax in NATIVE_SYNTAXES or syntax in COMPRESSED_SYNTAXES:
        return syntax
    # Some of pydicom's names come with pynetdicom alone: JPEG XL is named here, whatever is imported.
    known = "JPEG XL" if syntax in _JPEG_XL else syntax.name
    name = known if known != syntax else f"transfer syntax {str(syntax)[:64]}"
    if "deflate" in name.lower():
        raise UnsupportedTypeError(
            f"The DICOM file is deflated ({name}), which is not read: its size cannot be known before unpacking.",
            _EXPORT_PLAIN,
        )
    kind = "holds a video" if any(word in name for word in ("MPEG", "HEVC", "SMPTE")) else "is compressed"
    raise UnsupportedTypeError(f"The DICOM file {kind} ({name}), which is not read.", _EXPORT_PLAIN)


def _is_little_endian(data: bytes, start: int, syntax: uid.UID | None) -> bool:
    """Tell the byte order; without a stated syntax, from the first group number, which is small."""
    if syntax is not None:
        return syntax != uid.ExplicitVRBigEndian
    return not (len(data) >= start + 2 and unpack("<H", data[start : start + 2])[0] >= 0x0400)


def _read_pixel_element(element: bytes, is_implicit_vr: bool, is_little_endian: bool) -> tuple[str, str, int, int]:
    """Return keyword, value representation, offset of the value and its length (PS3.5 sec. 7.1.2, 7.1.3)."""
    order = "<" if is_little_endian else ">"
    try:
        group, number = unpack_from(f"{order}HH", element)
        keyword = _PIXEL_KEYWORDS.get(group << 16 | number)
        if keyword is None:
            raise _cut_short()
        vr = element[4:6]
        if is_implicit_vr or not vr.isalpha():
            return keyword, "OW", 8, unpack_from(f"{order}L", element, 4)[0]
        if vr in _LONG_VRS:
            return keyword, vr.decode(), 12, unpack_from(f"{order}L", element, 8)[0]
        return keyword, vr.decode("latin-1"), 8, unpack_from(f"{order}H", element, 6)[0]
    except StructError:
        raise _cut_short() from None


def _refuse_without_pixels(meta: Dataset, dataset: Dataset, *, is_cut_short: bool) -> None:
    """Raise the error that fits a file without pixels."""
    if is_cut_short:
        raise _cut_short()
    if "EncryptedAttributesSequence" in dataset:
        raise EncryptedFileError(
            "The DICOM file's content is encrypted.", "Export the radiograph again without encryption."
        )
    sop_class = uid.UID(str(dataset.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or ""))
    if sop_class == uid.MediaStorageDirectoryStorage:
        raise NoPixelsError(
            "The file is a DICOMDIR, the table of contents of a disc, which holds no image itself.",
            "Choose one of the image files beside it.",
        )
    kind = sop_class.name if sop_class and sop_class.name != sop_class else ""
    if "Image Storage" in kind or "Rows" in dataset:
        raise NoPixelsError(
            "The DICOM file describes an image but holds no pixels: they were removed or cut off.", _EXPORT_AGAIN
        )
    kind = kind or "of a kind that is not known"
    raise NoPixelsError(
        f"The DICOM file holds no image: it is {kind}.", "Choose the radiograph itself, not what was written about it."
    )


def _cut_short() -> CorruptFileError:
    return CorruptFileError("The DICOM file is cut short or damaged in its header.", _EXPORT_AGAIN)
