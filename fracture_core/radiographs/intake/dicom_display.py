"""Reads from a DICOM header how a frame is to be shown: tables, window, sense, padding, palette."""

from typing import Any, get_args

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.base import CorruptFileError, UnsupportedTypeError
from fracture_core.radiographs.intake.dicom_format import PixelFormat
from fracture_core.radiographs.intake.dicom_header import DicomHeader
from fracture_core.radiographs.intake.dicom_values import read_dicom_code, read_dicom_value, read_items, read_number
from fracture_core.radiographs.intake.grayscale import DisplayTransform, LookupTable, Window, WindowFunction

_LUMA = {"Red": 0.299, "Green": 0.587, "Blue": 0.114}  # ITU-R BT.601
_WINDOW_FUNCTIONS: dict[str, WindowFunction] = {name: name for name in get_args(WindowFunction)}
_EXPORT_AGAIN = "Export the radiograph again from the PACS."


def read_display_transform(
    header: DicomHeader, pixel_format: PixelFormat, frame: int, notes: list[str]
) -> DisplayTransform:
    """Read how a grayscale frame is shown.

    Enhanced objects state this per frame or for all frames in functional groups (PS3.3 C.7.6.16); others at
    the top of the data set. Of several windows or VOI tables the first is used.

    Args:
        header, pixel_format: of the file.
        frame: zero-based.
        notes: receives a sentence for each thing that a reader should know.

    Raises:
        CorruptFileError: a lookup table is damaged.
    """
    dataset = header.dataset
    rescale = find_frame_item(dataset, frame, "PixelValueTransformationSequence")
    voi = find_frame_item(dataset, frame, "FrameVOILUTSequence")
    is_big_endian = header.transfer_syntax == uid.ExplicitVRBigEndian
    voi_tables = read_items(dataset, "VOILUTSequence")
    modality_tables = read_items(dataset, "ModalityLUTSequence")
    transform = DisplayTransform(
        modality_table=_read_table(modality_tables[0], is_big_endian) if modality_tables else None,
        slope=_read_slope(rescale, notes),
        intercept=read_number(rescale, "RescaleIntercept") or 0.0,
        voi_table=_read_table(voi_tables[0], is_big_endian) if voi_tables else None,
        window=_read_window(voi, notes),
        is_monochrome1=pixel_format.photometric == "MONOCHROME1",
        padding=_read_padding(dataset, pixel_format),
    )
    if transform.is_stretched:
        notes.append("The file states no window: brightness was stretched from its darkest to its brightest value.")
    return transform


def find_frame_item(dataset: Dataset, frame: int, keyword: str) -> Dataset:
    """Return the functional group item that holds for a frame, or the data set where there is none."""
    per_frame = read_items(dataset, "PerFrameFunctionalGroupsSequence")
    shared = read_items(dataset, "SharedFunctionalGroupsSequence")
    for group in [*per_frame[frame : frame + 1], *shared[:1]]:
        if items := read_items(group, keyword):
            return items[0]
    return dataset


def read_luma_palette(dataset: Dataset, *, is_big_endian: bool) -> LookupTable:
    """Return a table from palette index to ITU-R BT.601 luma (PS3.3 C.7.9).

    Raises:
        CorruptFileError: the palette is missing or damaged.
        UnsupportedTypeError: it is segmented.
    """
    if read_dicom_value(dataset, "RedPaletteColorLookupTableDescriptor") is None:
        raise CorruptFileError("The DICOM file's palette is missing.", _EXPORT_AGAIN)
    if "RedPaletteColorLookupTableData" not in dataset:
        raise UnsupportedTypeError("The DICOM file's palette is segmented, which is not read.", _EXPORT_AGAIN)
    tables = [
        _build_table(
            read_dicom_value(dataset, f"{color}PaletteColorLookupTableDescriptor"),
            read_dicom_value(dataset, f"{color}PaletteColorLookupTableData"),
            is_big_endian,
        )
        for color in _LUMA
    ]
    if len({len(table.entries) for table in tables}) > 1:
        raise _damaged_table()
    weighted = [weight * table.entries for weight, table in zip(_LUMA.values(), tables, strict=True)]
    luma = np.sum(weighted, axis=0)
    return LookupTable(tables[0].first, luma, max(table.bits for table in tables))


def _read_slope(dataset: Dataset, notes: list[str]) -> float:
    slope = read_number(dataset, "RescaleSlope")
    if slope == 0.0:
        notes.append("The file's rescale slope is zero, which cannot be; it was ignored.")
    return slope or 1.0


def _read_window(dataset: Dataset, notes: list[str]) -> Window | None:
    """Read the first window; None when there is none or it cannot be used (PS3.3 C.11.2.1.2)."""
    center, width = read_number(dataset, "WindowCenter"), read_number(dataset, "WindowWidth")
    if center is None or width is None:
        return None
    stated = read_dicom_code(dataset, "VOILUTFunction") or "LINEAR"
    if stated not in _WINDOW_FUNCTIONS:
        notes.append("The file's window function is not known; the linear one was used.")
    function = _WINDOW_FUNCTIONS.get(stated, "LINEAR")
    if width <= 0 or (function == "LINEAR" and width < 1):
        notes.append("The file's window has no width and was not used.")
        return None
    return Window(center, width, function)


def _read_padding(dataset: Dataset, pixel_format: PixelFormat) -> tuple[int, int] | None:
    """Return the range of stored values that is padding (PS3.3 C.7.5.1.1.2)."""
    value = _read_stored_value(dataset, "PixelPaddingValue", pixel_format)
    if value is None:
        return None
    limit = _read_stored_value(dataset, "PixelPaddingRangeLimit", pixel_format)
    return (value, value) if limit is None else (min(value, limit), max(value, limit))


def _read_stored_value(dataset: Dataset, keyword: str, pixel_format: PixelFormat) -> int | None:
    """Read a value whose sign is that of the pixels, whatever its representation says."""
    number = read_number(dataset, keyword)
    if number is None:
        return None
    value = int(number)
    if pixel_format.is_signed:
        return value - 2**16 if value >= 2**15 else value
    return value & 0xFFFF


def _read_table(item: Dataset, is_big_endian: bool) -> LookupTable:
    return _build_table(read_dicom_value(item, "LUTDescriptor"), read_dicom_value(item, "LUTData"), is_big_endian)


def _build_table(descriptor: Any, values: Any, is_big_endian: bool) -> LookupTable:
    """Build a lookup table from its descriptor and data (PS3.3 C.11.1.1, C.7.6.3.1.5).

    Entries of 8 bits may be stored one or two to a 16-bit word, and a first number of 0 means 65,536.
    """
    try:
        count, first, bits = (int(number) for number in descriptor)
        count = (count & 0xFFFF) or 2**16
        if isinstance(values, bytes):
            words = values
        else:
            numbers = np.atleast_1d(np.asarray(values, dtype=np.int64)) & 0xFFFF
            words = numbers.astype(">u2" if is_big_endian else "<u2").tobytes()
        is_packed = len(words) < 2 * count
        if is_packed and is_big_endian:
            words = np.frombuffer(words, ">u2").astype("<u2").tobytes()
        entries = np.frombuffer(words, "u1" if is_packed else ">u2" if is_big_endian else "<u2")[:count]
    except (TypeError, ValueError, OverflowError):
        raise _damaged_table() from None
    if len(entries) < count:
        raise _damaged_table()
    # Some writers state 8 bits and store 16, so the entries have the last word.
    return LookupTable(first, entries.astype(np.float64), max(bits & 0xFF, int(entries.max()).bit_length(), 1))


def _damaged_table() -> CorruptFileError:
    return CorruptFileError("A lookup table in the DICOM file's header is damaged.", _EXPORT_AGAIN)
