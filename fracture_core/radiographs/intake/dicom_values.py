"""Safe access to values of a DICOM header that anyone may have written."""

from math import isfinite
from re import compile as compile_pattern
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from fracture_core.base import CorruptFileError, LimitExceededError

_CODE = compile_pattern(r"[A-Z0-9 _]{1,16}")  # the repertoire of value representation CS (PS3.5 sec. 6.2)
_ITEM_TAGS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")  # little and big endian
_MAX_VALUE_BYTES = 256 * 1024  # twice the largest lookup table; a longer list of numbers would unfold in memory
_MAX_SEQUENCE_BYTES = 8 * 1024**2
_MAX_ITEMS = 50_000


def read_dicom_code(dataset: Dataset, keyword: str) -> str:
    """Return a code string in upper case, or "" when it is missing or not one."""
    text = str(read_dicom_value(dataset, keyword) or "").strip().upper()
    return text if _CODE.fullmatch(text) else ""


def read_text(dataset: Dataset, keyword: str) -> str:
    """Return up to 64 printable characters, or ""."""
    text = str(read_dicom_value(dataset, keyword) or "").strip()
    return text[:64] if text.isprintable() else ""


def read_numbers(dataset: Dataset, keyword: str) -> list[float]:
    """Return the finite numbers of an element, [] when it is missing or any is unusable."""
    value = read_dicom_value(dataset, keyword)
    if value is None or isinstance(value, (str, bytes)):
        return []
    try:
        numbers = [float(part) for part in (value if hasattr(value, "__iter__") else [value])]
    except (TypeError, ValueError):
        return []
    return numbers if all(isfinite(number) for number in numbers) else []


def read_number(dataset: Dataset, keyword: str) -> float | None:
    """Return the first number of an element, None when it is missing or unusable."""
    numbers = read_numbers(dataset, keyword)
    return numbers[0] if numbers else None


def read_written_numbers(dataset: Dataset, keyword: str) -> list[float | None]:
    """Return each value of a decimal string as its writer meant it; None for one that cannot be read.

    A comma can only be a decimal point (PS3.5 6.2, DS); blanks, a stray backslash and another value representation do
    no harm. An element that is missing or empty gives an empty list.
    """
    if keyword not in dataset:
        return []
    value = read_dicom_value(dataset, keyword)
    if value is None:
        value = dataset.get_item(keyword).value  # as it stands in the file, where pydicom cannot convert it
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, str):
        value = value.split("\\")
    parts = list(value) if hasattr(value, "__iter__") else [value]
    written = [str(part).strip("\0 ") for part in parts if part is not None]
    return [_read_written(text) for text in written] if any(written) else []


def _read_written(text: str) -> float | None:
    try:
        number = float(text.replace(",", ".", 1))
    except ValueError:
        return None
    return number if isfinite(number) else None


def read_integer(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    """Return an integer.

    Raises:
        CorruptFileError: present but unusable, or missing without a default; names the attribute.
    """
    number = read_number(dataset, keyword)
    if number is not None and number.is_integer():
        return int(number)
    is_empty = keyword not in dataset or dataset.get_item(keyword).value in (None, b"", "")
    if default is not None and is_empty:
        return default
    problem = "does not state" if is_empty else "has an unusable value for"
    raise CorruptFileError(
        f"The DICOM file's header {problem} '{keyword}'.", "Export the radiograph again from the PACS."
    )


def read_items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return the items of a sequence, [] when it is missing.

    Raises:
        LimitExceededError: a sequence so large that unfolding it would take the memory.
    """
    if keyword not in dataset:
        return []
    raw = dataset.get_item(keyword)
    if isinstance(raw, RawDataElement) and isinstance(raw.value, bytes):
        item_count = sum(raw.value.count(tag) for tag in _ITEM_TAGS)
        if len(raw.value) > _MAX_SEQUENCE_BYTES or item_count > _MAX_ITEMS:
            raise LimitExceededError(
                f"The DICOM file's '{keyword}' is larger than a picture can need.",
                "Export the radiograph again from the PACS.",
            )
    try:
        return list(dataset.get(keyword) or [])
    except Exception:  # noqa: BLE001 - pydicom raises many kinds on damaged items
        return []


def read_dicom_value(dataset: Dataset, keyword: str) -> Any:
    """Return an element's value, None when it is missing, too long, or pydicom cannot convert it."""
    if keyword not in dataset:
        return None
    raw = dataset.get_item(keyword)
    if isinstance(raw.value, bytes) and len(raw.value) > _MAX_VALUE_BYTES:
        return None
    try:
        return dataset.get(keyword)
    except Exception:  # noqa: BLE001 - pydicom raises many kinds on bad values
        return None
