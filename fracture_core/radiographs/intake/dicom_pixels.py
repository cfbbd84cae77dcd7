"""Finds and decodes one frame of a DICOM file's pixels, after checking that all of it is there."""

from io import BytesIO
from math import ceil
from struct import unpack_from
from typing import Any

import numpy as np
from pydicom import uid
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder

from fracture_core.base import CorruptFileError, Settings
from fracture_core.radiographs.intake.codestream import (
    Codestream,
    has_end_marker,
    may_be_filled,
    read_codestream,
    with_altered_tail,
)
from fracture_core.radiographs.intake.dicom_format import PixelFormat
from fracture_core.radiographs.intake.dicom_header import (
    COMPRESSED_SYNTAXES,
    UNDEFINED_LENGTH,
    DicomHeader,
    quiet_pydicom,
)
from fracture_core.radiographs.intake.dicom_values import read_dicom_value
from fracture_core.radiographs.intake.sandbox import DecodeRequest, decode

_PLUGINS = {
    uid.JPEGBaseline8Bit: "pillow",
    uid.JPEGExtended12Bit: "pillow",
    uid.JPEGLossless: "gdcm",
    uid.JPEGLosslessSV1: "gdcm",
    uid.JPEGLSLossless: "pyjpegls",
    uid.JPEGLSNearLossless: "pyjpegls",
    uid.RLELossless: "pylibjpeg",
}  # the others are JPEG 2000 and HTJ2K: pylibjpeg
_JPEG_SYNTAXES = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1)
_ITEM = (0xFFFE, 0xE000)
_SEQUENCE_END = (0xFFFE, 0xE0DD)
_EXPORT_AGAIN = "Export the radiograph again from the PACS."


def decode_frame(
    data: bytes, header: DicomHeader, pixel_format: PixelFormat, *, frame: int, settings: Settings
) -> tuple[np.ndarray, str]:
    """Decode one frame; no other frame is touched.

    Args:
        data: the whole file.
        header, pixel_format: as read from it.
        frame: zero-based.
        settings: time and memory for compressed frames.

    Returns:
        ``(H, W)`` stored values, or ``(H, W, 3)`` RGB; and the photometric interpretation after decoding.

    Raises:
        CorruptFileError: pixels are missing, damaged, or not those that the header promises.
        LimitExceededError: decoding takes too much time or memory.
    """
    if header.transfer_syntax in COMPRESSED_SYNTAXES:
        return _decode_compressed(data, header, pixel_format, frame, settings)
    return _decode_native(data, header, pixel_format, frame)


def _decode_native(data: bytes, header: DicomHeader, pixel_format: PixelFormat, frame: int) -> tuple[np.ndarray, str]:
    """Decode uncompressed pixels (PS3.5 sec. 8.1.1 and A.1 to A.3)."""
    if header.pixels_length == UNDEFINED_LENGTH:
        raise CorruptFileError("The DICOM file's pixels have no stated length.", _EXPORT_AGAIN)
    needed_bytes = _native_bytes(pixel_format)
    if min(header.pixels_length, len(data) - header.pixels_at) < needed_bytes:
        raise _cut_short()
    end = header.pixels_at + needed_bytes + needed_bytes % 2
    options = _decoding_options(pixel_format) | {
        "pixel_keyword": header.pixel_keyword,
        "pixel_vr": header.pixel_vr,
        "correct_unused_bits": False,
    }
    with quiet_pydicom():
        pixels, properties = get_decoder(header.transfer_syntax).as_array(
            memoryview(data)[header.pixels_at : end], index=frame, **options
        )
    if header.pixel_keyword == "PixelData" and pixel_format.bits_allocated > 1:
        pixels = _keep_stored_bits(pixels, pixel_format)
    return pixels, str(properties["photometric_interpretation"])


def _native_bytes(pixel_format: PixelFormat) -> int:
    """Return the bytes of all frames; YBR_FULL_422 shares colour between two pixels (PS3.3 C.7.6.3.1.2)."""
    samples = pixel_format.rows * pixel_format.columns * pixel_format.samples_per_pixel
    if pixel_format.photometric == "YBR_FULL_422":
        samples = samples // 3 * 2
    return ceil(samples * pixel_format.frame_count * pixel_format.bits_allocated / 8)


def _keep_stored_bits(pixels: np.ndarray, pixel_format: PixelFormat) -> np.ndarray:
    """Drop bits outside the stored ones, such as old overlays, and extend the sign (PS3.5 sec. 8.1.1)."""
    allocated, stored = pixel_format.bits_allocated, pixel_format.bits_stored
    if allocated == stored:
        return pixels
    high_bit = pixel_format.high_bit if stored - 1 <= pixel_format.high_bit < allocated else stored - 1
    kept: np.ndarray = np.right_shift(np.left_shift(pixels, allocated - 1 - high_bit), allocated - stored)
    return kept


def _decode_compressed(
    data: bytes, header: DicomHeader, pixel_format: PixelFormat, frame: int, settings: Settings
) -> tuple[np.ndarray, str]:
    """Decode an encapsulated frame in the sandbox (PS3.5 sec. A.4)."""
    if header.pixels_length != UNDEFINED_LENGTH:
        raise CorruptFileError(
            "The DICOM file says that its pixels are compressed, but they are not stored so.", _EXPORT_AGAIN
        )
    _check_fragments(data, header.pixels_at, pixel_format.frame_count)
    codestream = _find_frame(data, header, pixel_format, frame)
    request = _build_request(header.transfer_syntax, codestream, pixel_format)
    pixels, photometric = decode(request, settings)
    if header.transfer_syntax in _JPEG_SYNTAXES and may_be_filled(pixels, request.options["bits_stored"]):
        again = _build_request(header.transfer_syntax, with_altered_tail(codestream), pixel_format)
        if not np.array_equal(pixels, decode(again, settings)[0]):
            raise _cut_short()
    return pixels, photometric


def _check_fragments(data: bytes, start: int, frame_count: int) -> None:
    """Walk the items of encapsulated pixels to the delimiter (PS3.5 sec. A.4); the first is the offset table."""
    position, item_count = start, 0
    while len(data) >= position + 8:
        group, element, length = unpack_from("<HHL", data, position)
        if (group, element) == _SEQUENCE_END:
            if item_count - 1 < frame_count:
                raise CorruptFileError(
                    f"The DICOM file promises {frame_count} frames, but holds fewer: it is cut short.", _EXPORT_AGAIN
                )
            return
        if (group, element) != _ITEM:
            raise CorruptFileError("The DICOM file's compressed pixels are damaged.", _EXPORT_AGAIN)
        position += 8 + length
        item_count += 1
    raise _cut_short()


def _find_frame(data: bytes, header: DicomHeader, pixel_format: PixelFormat, frame: int) -> bytes:
    stream = BytesIO(data)  # shares the bytes
    stream.seek(header.pixels_at)
    offsets = tuple(
        read_dicom_value(header.dataset, keyword) for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
    )
    with quiet_pydicom():
        return get_frame(
            stream,
            frame,
            number_of_frames=pixel_format.frame_count,
            extended_offsets=offsets if all(offsets) else None,
        )


def _build_request(syntax: uid.UID, codestream: bytes, pixel_format: PixelFormat) -> DecodeRequest:
    """Check a codestream against the header and choose its decoder."""
    plugin, options = _PLUGINS.get(syntax, "pylibjpeg"), _decoding_options(pixel_format)
    if syntax != uid.RLELossless:
        found = read_codestream(codestream)
        _check_promise(found, pixel_format)
        if not has_end_marker(codestream):
            raise _cut_short()
        if syntax in _JPEG_SYNTAXES:  # their decoders fill as many bits as the codestream has
            options |= {"bits_allocated": 8 if found.bits <= 8 else 16, "bits_stored": found.bits}
        if syntax == uid.JPEGExtended12Bit and found.bits > 8:
            # GDCM reads 12 bits, but pydicom offers that only under the lossless syntax.
            syntax, plugin = uid.JPEGLossless, "gdcm"
    return DecodeRequest(str(syntax), plugin, options, codestream, pixel_format.shape)


def _check_promise(found: Codestream, pixel_format: PixelFormat) -> None:
    promised = (pixel_format.columns, pixel_format.rows, pixel_format.samples_per_pixel)
    if (found.width_px, found.height_px, found.components) != promised:
        raise CorruptFileError(
            f"The DICOM file's header promises {promised[0]} x {promised[1]} pixels of {promised[2]} sample(s), "
            f"but its picture has {found.width_px} x {found.height_px} of {found.components}.",
            _EXPORT_AGAIN,
        )


def _decoding_options(pixel_format: PixelFormat) -> dict[str, Any]:
    """Return the options of pydicom's decoders for one frame or a buffer of frames."""
    return {
        "rows": pixel_format.rows,
        "columns": pixel_format.columns,
        "samples_per_pixel": pixel_format.samples_per_pixel,
        "bits_allocated": pixel_format.bits_allocated,
        "bits_stored": pixel_format.bits_stored,
        "pixel_representation": int(pixel_format.is_signed),
        "photometric_interpretation": pixel_format.photometric,
        "planar_configuration": pixel_format.planar_configuration,
        "number_of_frames": pixel_format.frame_count,
    }


def _cut_short() -> CorruptFileError:
    return CorruptFileError("The DICOM file is cut short: part of its pixels is missing.", _EXPORT_AGAIN)
