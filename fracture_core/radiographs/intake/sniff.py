"""Tells what a file is from its content, never from its name."""

from codecs import getincrementaldecoder
from dataclasses import dataclass
from struct import unpack
from typing import Literal

from fracture_core.base import EncryptedFileError, UnsupportedTypeError

ReadableType = Literal["JPEG", "PNG", "TIFF", "DICOM"]

_EXPORT = "Export the radiograph from the PACS as DICOM, PNG or TIFF and choose that file."
_UNPACK = "Unpack it and choose the radiograph inside."
_CONVERT = "Save the radiograph as PNG or TIFF, or export it from the PACS as DICOM."
_DECRYPT = "Decrypt it with the program that encrypted it, or export the radiograph again without encryption."


@dataclass(frozen=True)
class _Signature:
    magic: bytes
    name: str
    remedy: str = _EXPORT
    offset: int = 0


_READABLE: tuple[tuple[bytes, ReadableType], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II\x2a\x00", "TIFF"),
    (b"MM\x00\x2a", "TIFF"),
    (b"II\x2b\x00", "TIFF"),
    (b"MM\x00\x2b", "TIFF"),
)

_OTHERS = (
    _Signature(b"GIF8", "a GIF image", _CONVERT),
    _Signature(b"\xff\x4f\xff\x51", "a bare JPEG 2000 codestream", _CONVERT),
    _Signature(b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image (JP2)", _CONVERT),
    _Signature(b"\xff\x0a", "a JPEG XL image", _CONVERT),
    _Signature(b"\x00\x00\x00\x0cJXL ", "a JPEG XL image", _CONVERT),
    _Signature(b"II\xbc\x01", "a JPEG XR image", _CONVERT),
    _Signature(b"8BPS", "a Photoshop document", _CONVERT),
    _Signature(b"\x76\x2f\x31\x01", "an OpenEXR image", _CONVERT),
    _Signature(b"\x00\x00\x01\x00", "a Windows icon", _CONVERT),
    _Signature(b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    _Signature(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    _Signature(b"\x1f\x8b", "a gzip archive", _UNPACK),
    _Signature(b"BZh", "a bzip2 archive", _UNPACK),
    _Signature(b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    _Signature(b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    _Signature(b"ustar", "a tar archive", _UNPACK, offset=257),
    _Signature(b"CD001", "a disc image (ISO 9660)", _UNPACK, offset=0x8001),
    _Signature(b"n+1\x00", "a NIfTI volume", offset=344),
    _Signature(b"ni1\x00", "a NIfTI header", offset=344),
    _Signature(b"n+2\x00", "a NIfTI volume", offset=4),
    _Signature(b"NRRD000", "an NRRD volume"),
    _Signature(b"ObjectType = Image", "a MetaImage volume"),
    _Signature(b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    _Signature(b"\x93NUMPY", "a NumPy array"),
    _Signature(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Microsoft Office document"),
    _Signature(b"SQLite format 3\x00", "an SQLite database"),
    _Signature(b"%!PS", "a PostScript document"),
    _Signature(b"{\\rtf", "an RTF document"),
    _Signature(b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    _Signature(b"\x00\x00\x01\xba", "an MPEG video"),
    _Signature(b"\x00\x00\x01\xb3", "an MPEG video"),
    _Signature(b"FLV\x01", "a Flash video"),
    _Signature(b"OggS", "an Ogg recording"),
    _Signature(b"ID3", "an MP3 recording"),
    _Signature(b"\x7fELF", "an executable program"),
    _Signature(b"\xcf\xfa\xed\xfe", "an executable program"),
    _Signature(b"\xce\xfa\xed\xfe", "an executable program"),
    _Signature(b"\xca\xfe\xba\xbe", "an executable program"),
    _Signature(b"MZ", "an executable program"),
    _Signature(b"#!", "a program (script)"),
)

_ENCRYPTED = (
    _Signature(b"Salted__", "encrypted by OpenSSL"),
    _Signature(b"-----BEGIN PGP MESSAGE", "encrypted by PGP"),
    _Signature(b"age-encryption.org", "encrypted by age"),
)
# DER of the object identifier of CMS enveloped-data, 1.2.840.113549.1.7.3 (PS3.15 Annex D: secure DICOM files).
_ENVELOPED_DATA = bytes.fromhex("06092a864886f70d010703")

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_EXPLICIT_VRS = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)


def detect_file_type(data: bytes) -> ReadableType:
    """Return the type of a file that can be read.

    Args:
        data: the file's bytes, not empty.

    Raises:
        UnsupportedTypeError: any other type; names it where it is known.
        EncryptedFileError: the file as a whole is encrypted.
    """
    # DICOM first: its 128-byte preamble may hold the header of another type (PS3.10 sec. 7.1).
    if data[128:132] == b"DICM":
        return "DICOM"
    for magic, readable in _READABLE:
        if data.startswith(magic):
            return readable
    for signature in _ENCRYPTED:
        if data.startswith(signature.magic):
            raise EncryptedFileError(f"The file is {signature.name}.", _DECRYPT)
    if data[:1] == b"\x30" and _ENVELOPED_DATA in data[:32]:
        raise EncryptedFileError("The file is encrypted (CMS enveloped data, a secure DICOM file).", _DECRYPT)
    if _looks_like_dicom_without_preamble(data):
        return "DICOM"
    name, remedy = _name_other(data)
    raise UnsupportedTypeError(f"The file is {name}, not a JPEG, PNG, TIFF or DICOM image.", remedy)


def _looks_like_dicom_without_preamble(data: bytes) -> bool:
    """True when the first data element is a plausible one of group 0002 or 0008 (PS3.5 sec. 7.1)."""
    if len(data) < 16:
        return False
    for order in "<>":
        group, element = unpack(f"{order}HH", data[:4])
        if group not in (0x0002, 0x0008) or element > 0x2000:
            continue
        if data[4:6] in _EXPLICIT_VRS:
            return True
        # Implicit VR is little endian only; the first elements of these groups are short.
        if order == "<" and unpack("<L", data[4:8])[0] <= min(len(data) - 8, 1024):
            return True
    return False


def _name_other(data: bytes) -> tuple[str, str]:
    """Name a type that is not read, with its article, and the remedy."""
    for signature in _OTHERS:
        if data.startswith(signature.magic, signature.offset):
            return signature.name, signature.remedy
    return (
        _name_pdf(data)
        or _name_zip(data)
        or _name_riff(data)
        or _name_iso_media(data)
        or _name_bitmap(data)
        or _name_text(data)
        or ("of an unknown type", _EXPORT)
    )


def _name_pdf(data: bytes) -> tuple[str, str] | None:
    if b"%PDF-" not in data[:1024]:
        return None
    return ("an encrypted PDF document" if b"/Encrypt" in data else "a PDF document"), _EXPORT


def _name_zip(data: bytes) -> tuple[str, str] | None:
    if data[:4] not in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return None
    if data[:4] == b"PK\x03\x04" and len(data) > 6 and data[6] & 1:  # general purpose flag, bit 0
        return "an encrypted ZIP archive", "Unpack it with its password and choose the radiograph inside."
    return "a ZIP archive", _UNPACK


def _name_riff(data: bytes) -> tuple[str, str] | None:
    if data[:4] != b"RIFF":
        return None
    forms = {b"WEBP": "a WebP image", b"AVI ": "an AVI video", b"WAVE": "a sound recording"}
    return forms.get(data[8:12], "a RIFF file"), _CONVERT


def _name_iso_media(data: bytes) -> tuple[str, str] | None:
    if data[4:8] != b"ftyp":
        return None
    if data[8:12] in _HEIF_BRANDS:
        return "a HEIC or AVIF photo", _CONVERT
    return "an MP4 or QuickTime video", _EXPORT


def _name_bitmap(data: bytes) -> tuple[str, str] | None:
    if data[:2] == b"BM" and len(data) >= 26 and data[6:10] == b"\x00" * 4:
        return "a BMP image", _CONVERT
    return None


def _name_text(data: bytes) -> tuple[str, str] | None:
    start = data[:4096]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "a text file", _EXPORT
    try:
        # Incremental: the last character may be cut at 4,096 bytes.
        text = getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return None
    if any(ord(character) < 32 and character not in "\t\n\r\f\x1b" for character in text):
        return None
    head = text.lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html", "<head", "<body")):
        return "a web page (HTML), perhaps an error page saved in place of the image", _EXPORT
    if head.startswith("<svg") or (head.startswith("<?xml") and "<svg" in head):
        return "an SVG drawing", _CONVERT
    if head.startswith("<?xml"):
        return "an XML document", _EXPORT
    if head.startswith(("{", "[")):
        return "a JSON document", _EXPORT
    return "a text file", _EXPORT
