"""Headers of JPEG, JPEG-LS and JPEG 2000 codestreams, read before any codec sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from re import compile as compile_pattern
from struct import error as StructError
from struct import unpack, unpack_from

import numpy as np

from fracture_core.base import CorruptFileError, LimitExceededError

# ITU-T T.81 table B.1: start-of-frame markers and the coding process they announce; F7 is JPEG-LS (T.87).
_PROCESSES = {
    0xC0: "baseline",
    0xC1: "extended sequential",
    0xC2: "progressive",
    0xC3: "lossless",
    0xC5: "hierarchical",
    0xC6: "hierarchical",
    0xC7: "hierarchical",
    0xC9: "arithmetic sequential",
    0xCA: "arithmetic progressive",
    0xCB: "arithmetic lossless",
    0xCD: "hierarchical",
    0xCE: "hierarchical",
    0xCF: "hierarchical",
    0xF7: "JPEG-LS",
}
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_APP1 = 0xE1
# A marker that ends a scan: not a stuffed zero, a restart or a fill byte.
_NEXT_MARKER = compile_pattern(rb"\xff[^\x00\xff\xd0-\xd7]")
_TEMPORARY = 0x01  # has no length
_MAX_SCANS = 100
_MAX_SEGMENTS = 20_000
_MAX_STRAY_BYTES = 65_536
_MAX_EXIF_BYTES = 65_536
_JPEG_2000_START = b"\xff\x4f\xff\x51"


@dataclass(frozen=True)
class Codestream:
    """What a codestream's own header says.

    Attributes:
        process: "baseline", "progressive", "lossless", "JPEG-LS", "JPEG 2000", ...
        width_px, height_px: size of the picture.
        components: samples per pixel.
        bits: precision of a sample.
    """

    process: str
    width_px: int
    height_px: int
    components: int
    bits: int


@dataclass(frozen=True)
class _Segment:
    marker: int
    payload: bytes


def read_codestream(data: bytes) -> Codestream:
    """Read the header of a JPEG, JPEG-LS or JPEG 2000 codestream.

    Raises:
        CorruptFileError: no such header, or it is cut short.

    Source: ITU-T T.81 sec. B.2.2 (frame header); ITU-T T.800 sec. A.5.1 (SIZ marker).
    """
    try:
        start = data.find(_JPEG_2000_START, 0, 4096)  # behind the boxes, where a JP2 file is wrapped around it
        if data[:2] != b"\xff\xd8" and start >= 0:
            return _read_size_marker(data, start)
        for segment in _jpeg_segments(data):
            if segment.marker in _PROCESSES:
                bits, height_px, width_px, components = unpack_from(">BHHB", segment.payload)
                return Codestream(_PROCESSES[segment.marker], width_px, height_px, components, bits)
    except (StructError, IndexError) as error:
        raise CorruptFileError("The picture's header is cut short.", "Export the radiograph again.") from error
    raise CorruptFileError(
        "The compressed picture has no readable header.", "Export the radiograph again, uncompressed if you can."
    )


def check_jpeg_structure(data: bytes) -> None:
    """Refuse a JPEG whose structure would cost too much, or whose scans are not all there.

    A progressive JPEG shows its picture coarsely first; a file that lost its last scans still decodes,
    to a blurred picture. So the scans must bring every coefficient of the first component to full precision.

    Raises:
        CorruptFileError: scans are missing.
        LimitExceededError: more than 100 scans, or an Exif block beyond its 64 KB.

    Source: ITU-T T.81 sec. G.1.1.1 (progressive scans), B.2.3 (scan header).
    """
    process, first_component, scans, exif_bytes = "", -1, 0, 0
    missing_bits = [16] * 64
    for segment in _jpeg_segments(data):
        if segment.marker in _PROCESSES:
            process = _PROCESSES[segment.marker]
            first_component = segment.payload[6] if len(segment.payload) > 6 else -1
        elif segment.marker == _APP1 and segment.payload.startswith(b"Exif"):
            exif_bytes += len(segment.payload)
        elif segment.marker == _START_OF_SCAN:
            scans += 1
            _note_scan(segment.payload, first_component, missing_bits)
        if scans > _MAX_SCANS or exif_bytes > _MAX_EXIF_BYTES:
            raise _abnormal_structure()
    if process == "progressive" and any(missing_bits):
        raise CorruptFileError(
            "The JPEG is cut short: some of its progressive scans are missing.",
            "Export the radiograph again from the PACS.",
        )


def has_end_marker(data: bytes) -> bool:
    """True when a codestream ends with its EOI or EOC marker; padding may follow (PS3.5 sec. A.4)."""
    return b"\xff\xd9" in data.rstrip(b"\x00")[-10:]


def may_be_filled(pixels: np.ndarray, bits: int) -> bool:
    """True when the last corner of a decoded JPEG is what libjpeg fills in after its data has run out.

    That is the middle value, and libjpeg says nothing of it. A real picture can end so too; `with_altered_tail`
    tells which it is.

    Args:
        pixels: ``(H, W)`` or ``(H, W, C)`` integers.
        bits: precision of the codestream.
    """
    corner = pixels[-4:, -4:].astype(np.int64) & (2**bits - 1)
    return bool(np.abs(corner - 2 ** (bits - 1)).max() <= 2)


def with_altered_tail(data: bytes) -> bytes:
    """Return a JPEG with bytes put before its end marker; without one, the JPEG itself.

    A decoder skips them if the data before is complete. If not, it takes them for data, and the picture
    differs from that without them.
    """
    end = data.rfind(b"\xff\xd9")
    if end < data.rfind(b"\xff\xda"):  # that of a thumbnail
        return data
    filler = bytes((37 * i + 11) % 251 for i in range(64))
    return data[:end] + filler + data[end:]


def _note_scan(header: bytes, component: int, missing_bits: list[int]) -> None:
    """Note which coefficients of ``component`` a scan brings to which precision."""
    if not header or len(header) < 4 + 2 * header[0]:
        return
    count = header[0]
    if component in header[1 : 1 + 2 * count : 2]:
        first, last, approximation = header[1 + 2 * count : 4 + 2 * count]
        missing_bits[first : last + 1] = [approximation & 0x0F] * len(missing_bits[first : last + 1])


def _jpeg_segments(data: bytes) -> Iterator[_Segment]:
    """Walk a JPEG's marker segments; the entropy-coded data of scans is stepped over."""
    position, in_scan = 2, False
    for _ in range(_MAX_SEGMENTS):
        found = _NEXT_MARKER.search(data, position)
        if found is None:
            return
        if found.start() - position > _MAX_STRAY_BYTES and not in_scan:
            raise CorruptFileError("The JPEG is damaged between its segments.", "Export the radiograph again.")
        marker, position = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            return
        if marker == _TEMPORARY or len(data) < position + 2:
            continue
        length = int.from_bytes(data[position : position + 2], "big")
        yield _Segment(marker, data[position + 2 : position + length])
        position += max(length, 2)
        in_scan = marker == _START_OF_SCAN
    raise _abnormal_structure()


def _read_size_marker(data: bytes, start: int) -> Codestream:
    right, bottom, left, top = unpack(">IIII", data[start + 8 : start + 24])
    components = unpack(">H", data[start + 40 : start + 42])[0]
    bits = (data[start + 42] & 0x7F) + 1
    return Codestream("JPEG 2000", right - left, bottom - top, components, bits)


def _abnormal_structure() -> LimitExceededError:
    return LimitExceededError(
        "The JPEG's structure is abnormal: too many segments or scans, or too large a camera block.",
        "Save the radiograph again as PNG, or export it from the PACS as DICOM.",
    )
