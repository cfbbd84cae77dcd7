"""Lookup tables of a DICOM header (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5), as devices write them.

What a table lacks is made good as far as it goes, and said; where it states nothing, there is no table.
"""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from fracture_core.base import CorruptFileError
from fracture_core.radiographs.intake.dicom_values import read_dicom_value, read_items
from fracture_core.radiographs.intake.grayscale import LookupTable

_EXPORT_AGAIN = "Export the radiograph again from the PACS."
_LEAST_SHARE = 0.9  # of a table's entries; with fewer it is not that table any more
_SPARE_BITS = 2  # a table that leaves as many of its stated bits unused has stated the bits of its storage


def read_first_table(
    dataset: Dataset, keyword: str, *, is_big_endian: bool, is_input_signed: bool, notes: list[str]
) -> LookupTable | None:
    """Return the first table of a sequence; None where there is none, or none that can be used, which is noted.

    Args:
        keyword: "ModalityLUTSequence" or "VOILUTSequence".
        is_input_signed: values below zero go into the table. The first input value is then signed (C.11.1.1,
            C.11.2.1.1), whatever a parser that knows only this element takes it for.
        notes: receives a sentence where a table is mended or left out.
    """
    items = read_items(dataset, keyword)
    if not items:
        return None
    name = "brightness table (VOI LUT)" if keyword == "VOILUTSequence" else "modality table"
    descriptor, values = read_dicom_value(items[0], "LUTDescriptor"), read_dicom_value(items[0], "LUTData")
    if not descriptor and not values:
        notes.append(f"The file's {name} is empty and was not used.")  # PS3.5 7.4: an unknown value
        return None
    try:
        count, first, bits = _read_descriptor(descriptor, is_input_signed=is_input_signed)
        entries = _read_entries(values, count, bits, is_big_endian=is_big_endian)
    except (TypeError, ValueError, OverflowError):
        notes.append(f"The file's {name} is damaged and was not used.")
        return None
    if len(entries) < _LEAST_SHARE * count:
        notes.append(f"The file's {name} has {len(entries):,} of {count:,} entries and was not used.")
        return None
    if len(entries) < count:
        missing = count - len(entries)
        notes.append(
            f"The file's {name} lacks its last {missing:,} of {count:,} entries; the last one stands for them."
        )
        entries = np.append(entries, np.full(missing, entries[-1]))
    used = int(entries.max()).bit_length()
    if bits > 8 and bits - used >= _SPARE_BITS and keyword == "VOILUTSequence":
        notes.append(f"The file's {name} states {bits} bits and uses {used}; its own largest value is shown white.")
        bits = used
    return LookupTable(first, entries, max(bits, used, 1))


def build_palette_table(descriptor: Any, values: Any, *, is_big_endian: bool) -> LookupTable:
    """Return one colour of a palette (C.7.6.3.1.5).

    Raises:
        CorruptFileError: it is damaged, or lacks entries: colours cannot be guessed.
    """
    try:
        count, first, bits = _read_descriptor(descriptor, is_input_signed=False)
        entries = _read_entries(values, count, bits, is_big_endian=is_big_endian)
    except (TypeError, ValueError, OverflowError):
        raise damaged_table() from None
    if len(entries) < count:
        raise damaged_table()
    return LookupTable(first, entries, max(bits, int(entries.max()).bit_length(), 1))


def damaged_table() -> CorruptFileError:
    """Return the error of a palette that cannot be used."""
    return CorruptFileError("A lookup table in the DICOM file's header is damaged.", _EXPORT_AGAIN)


def _read_descriptor(descriptor: Any, *, is_input_signed: bool) -> tuple[int, int, int]:
    """Return how many entries there are, the input value of the first, and the bits of an output value."""
    count, first, bits = (int(number) for number in descriptor)
    first = first & 0xFFFF if first >= 0 else first
    if is_input_signed and first >= 2**15:
        first -= 2**16
    return (count & 0xFFFF) or 2**16, first, bits & 0xFF


def _read_entries(values: Any, count: int, bits: int, *, is_big_endian: bool) -> np.ndarray:
    """Return up to ``count`` entries, float64. Those of 8 bits may be stored two to a 16-bit word; others never."""
    if isinstance(values, bytes):
        words = values
    else:
        numbers = np.atleast_1d(np.asarray(values, dtype=np.int64)) & 0xFFFF
        words = numbers.astype(">u2" if is_big_endian else "<u2").tobytes()
    is_packed = bits <= 8 and len(words) < 2 * count
    if is_packed and is_big_endian:
        words = np.frombuffer(words, ">u2").astype("<u2").tobytes()
    elif not is_packed:
        words = words[: len(words) // 2 * 2]
    entries = np.frombuffer(words, "u1" if is_packed else ">u2" if is_big_endian else "<u2")[:count]
    if not entries.size:
        raise ValueError("no entries")
    return entries.astype(np.float64)
