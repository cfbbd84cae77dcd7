"""Reads from a DICOM header how a frame is to be shown: tables, window, sense, padding, palette."""

from typing import get_args

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.base import CorruptFileError, UnsupportedTypeError
from fracture_core.radiographs.intake.dicom_format import PixelFormat
from fracture_core.radiographs.intake.dicom_header import DicomHeader
from fracture_core.radiographs.intake.dicom_tables import build_palette_table, damaged_table, read_first_table
from fracture_core.radiographs.intake.dicom_values import (
    read_dicom_code,
    read_dicom_value,
    read_items,
    read_number,
    read_written_numbers,
)
from fracture_core.radiographs.intake.grayscale import DisplayTransform, LookupTable, Window, WindowFunction

_LUMA = {"Red": 0.299, "Green": 0.587, "Blue": 0.114}  # ITU-R BT.601
_WINDOW_FUNCTIONS: dict[str, WindowFunction] = {name: name for name in get_args(WindowFunction)}
_INTENSITY_TABLE_CLASSES = frozenset(
    {
        uid.XRayAngiographicImageStorage,
        uid.XRayRadiofluoroscopicImageStorage,
        uid.EnhancedXAImageStorage,
        uid.EnhancedXRFImageStorage,
    }
)
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

    """
    dataset = header.dataset
    is_big_endian = header.transfer_syntax == uid.ExplicitVRBigEndian
    rescale = _read_rescale(find_frame_item(dataset, frame, "PixelValueTransformationSequence"), notes)
    slope, intercept = rescale or (1.0, 0.0)
    modality_table = None
    if _is_modality_table_for_display(dataset):
        modality_table = read_first_table(
            dataset,
            "ModalityLUTSequence",
            is_big_endian=is_big_endian,
            is_input_signed=pixel_format.is_signed,
            notes=notes,
        )
    lowest = -(2.0 ** (pixel_format.bits_stored - 1)) if pixel_format.is_signed else 0.0
    highest = lowest + 2.0**pixel_format.bits_stored - 1
    voi_table = read_first_table(
        dataset,
        "VOILUTSequence",
        is_big_endian=is_big_endian,
        is_input_signed=modality_table is None and min(lowest * slope + intercept, highest * slope + intercept) < 0,
        notes=notes,
    )
    window = _read_window(find_frame_item(dataset, frame, "FrameVOILUTSequence"), slope, notes)
    if rescale is None and modality_table is None and (window is not None or voi_table is not None):
        notes.append("The file's window is stated in values that its rescale would have given, and was not used.")
        window = voi_table = None
    transform = DisplayTransform(
        modality_table=modality_table,
        slope=slope,
        intercept=intercept,
        voi_table=voi_table,
        window=window,
        is_monochrome1=pixel_format.photometric == "MONOCHROME1",
        padding=_read_padding(dataset, pixel_format),
    )
    if transform.is_stretched:
        states = (
            "The file states no window" if not _states_window(dataset, frame) else "No window of the file is usable"
        )
        notes.append(f"{states}: brightness was stretched from its darkest to its brightest value.")
    return transform


def _is_modality_table_for_display(dataset: Dataset) -> bool:
    """Return False for XA and XRF: their table leads back to X-ray intensity (PS3.3 C.8.7.1, PS3.17 FFF.2.3.1.3.4)."""
    return str(read_dicom_value(dataset, "SOPClassUID") or "") not in _INTENSITY_TABLE_CLASSES


def _states_window(dataset: Dataset, frame: int) -> bool:
    voi = find_frame_item(dataset, frame, "FrameVOILUTSequence")
    return "WindowCenter" in voi or bool(read_items(dataset, "VOILUTSequence"))


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
        build_palette_table(
            read_dicom_value(dataset, f"{color}PaletteColorLookupTableDescriptor"),
            read_dicom_value(dataset, f"{color}PaletteColorLookupTableData"),
            is_big_endian=is_big_endian,
        )
        for color in _LUMA
    ]
    if len({len(table.entries) for table in tables}) > 1:
        raise damaged_table()
    weighted = [weight * table.entries for weight, table in zip(_LUMA.values(), tables, strict=True)]
    luma = np.sum(weighted, axis=0)
    return LookupTable(tables[0].first, luma, max(table.bits for table in tables))


def _read_rescale(dataset: Dataset, notes: list[str]) -> tuple[float, float] | None:
    """Return slope and intercept, 1 and 0 where none is stated; None where one is stated that cannot be read."""
    found: dict[str, float] = {}
    for keyword, name, absent in (
        ("RescaleSlope", "rescale slope", 1.0),
        ("RescaleIntercept", "rescale intercept", 0.0),
    ):
        written = read_written_numbers(dataset, keyword)
        usable = next((number for number in written if number is not None), None)
        if written and usable is None:
            notes.append(f"The file's {name} cannot be read.")
            return None
        found[keyword] = absent if usable is None else usable
    if found["RescaleSlope"] == 0.0:
        notes.append("The file's rescale slope is zero, which cannot be; it was ignored.")
        return 1.0, found["RescaleIntercept"]
    return found["RescaleSlope"], found["RescaleIntercept"]


def _read_window(dataset: Dataset, slope: float, notes: list[str]) -> Window | None:
    """Read the first window that is usable; None when there is none (PS3.3 C.11.2.1.2)."""
    centers, widths = read_written_numbers(dataset, "WindowCenter"), read_written_numbers(dataset, "WindowWidth")
    pairs = [
        (center, width)
        for center, width in zip(centers, widths, strict=False)
        if center is not None and width is not None
    ]
    if not pairs:
        if centers or widths:
            notes.append("The file's window cannot be read and was not used.")
        return None
    center, width = pairs[0]
    stated = read_dicom_code(dataset, "VOILUTFunction") or "LINEAR"
    if stated not in _WINDOW_FUNCTIONS:
        notes.append("The file's window function is not known; the linear one was used.")
    function = _WINDOW_FUNCTIONS.get(stated, "LINEAR")
    if function == "LINEAR" and 0 < width < 1 and abs(slope) < 1:
        function = "LINEAR_EXACT"  # LINEAR counts whole values; these are fractions of one
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
