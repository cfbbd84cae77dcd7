"""Walks a TIFF's directories before Pillow reads them: counts pages and refuses traps."""

from dataclasses import dataclass
from struct import Struct
from struct import error as StructError

from fracture_core.base import CorruptFileError, IntakeError, LimitExceededError

# TIFF 6.0 sec. 2, and BigTIFF: bytes of each field type.
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MAX_TAGS = 1000
_SUB_DIRECTORIES = {34665, 34853, 40965}  # Exif, GPS, interoperability: Pillow reads them with the page


@dataclass(frozen=True)
class _Layout:
    """Structures of classic TIFF or BigTIFF."""

    entry_count: Struct
    entry: Struct
    offset: Struct


def count_pages(data: bytes, *, limit: int) -> int:
    """Return the number of pages (directories in the chain).

    Pillow copies the data of every tag it meets. Tags that all point at the same large block would
    multiply the file's size in memory, so their total is held to a few times the file's size.

    Args:
        data: a classic TIFF or BigTIFF file.
        limit: most pages that are counted.

    Raises:
        CorruptFileError: the directories are cut short or form a loop.
        LimitExceededError: more than ``limit`` pages, or tags that overlap.

    Source: TIFF 6.0 sec. 2 (image file directory).
    """
    layout, offset = _read_header(data)
    pages: set[int] = set()
    budget_bytes = 4 * len(data) + 1_000_000
    while offset:
        if offset in pages:
            raise CorruptFileError("The TIFF's pages form a loop.", "Export the radiograph again.")
        pages.add(offset)
        if len(pages) > limit:
            raise LimitExceededError(
                f"The TIFF holds more than {limit} pages.", "Export the single page that shows the radiograph."
            )
        offset, tag_bytes = _read_directory(data, layout, offset, depth=0)
        budget_bytes -= tag_bytes
        if budget_bytes < 0:
            raise LimitExceededError(
                "The TIFF's tags claim far more data than the file holds.", "Save the radiograph again as PNG or TIFF."
            )
    if not pages:
        raise CorruptFileError("The TIFF holds no page.", "Export the radiograph again.")
    return len(pages)


def _read_header(data: bytes) -> tuple[_Layout, int]:
    order = "<" if data[:2] == b"II" else ">"
    try:
        if data[2:4] in (b"\x2b\x00", b"\x00\x2b"):
            layout = _Layout(Struct(f"{order}Q"), Struct(f"{order}HHQ8s"), Struct(f"{order}Q"))
            return layout, layout.offset.unpack_from(data, 8)[0]
        layout = _Layout(Struct(f"{order}H"), Struct(f"{order}HHL4s"), Struct(f"{order}L"))
        return layout, layout.offset.unpack_from(data, 4)[0]
    except StructError as error:
        raise _cut_short() from error


def _read_directory(data: bytes, layout: _Layout, start: int, *, depth: int) -> tuple[int, int]:
    """Return the offset of the next directory and the bytes that this one's tags claim."""
    tag_bytes = 0
    try:
        entry_count = layout.entry_count.unpack_from(data, start)[0]
        if entry_count > _MAX_TAGS:
            raise LimitExceededError(
                f"A page of the TIFF has {entry_count} tags; at most {_MAX_TAGS} are read.",
                "Save the radiograph again as PNG or TIFF.",
            )
        entries_start = start + layout.entry_count.size
        next_at = entries_start + entry_count * layout.entry.size
        if next_at > len(data):
            raise _cut_short()
        sub_starts = {}
        for tag, field_type, count, value in layout.entry.iter_unpack(data[entries_start:next_at]):
            size_bytes = _TYPE_BYTES.get(field_type, 0) * count
            tag_bytes += min(size_bytes, len(data)) if size_bytes > len(value) else 0
            if tag in _SUB_DIRECTORIES:
                sub_starts[tag] = layout.offset.unpack(value)[0]
        if depth < 2:
            tag_bytes += sum(_sub_directory_bytes(data, layout, at, depth + 1) for at in sub_starts.values())
        if next_at + layout.offset.size > len(data):
            return 0, tag_bytes  # some writers leave out the last, zero offset
        return layout.offset.unpack_from(data, next_at)[0], tag_bytes
    except StructError as error:
        raise _cut_short() from error


def _sub_directory_bytes(data: bytes, layout: _Layout, start: int, depth: int) -> int:
    try:
        return _read_directory(data, layout, start, depth=depth)[1]
    except IntakeError:
        return 0  # a damaged camera block does not concern the picture


def _cut_short() -> CorruptFileError:
    return CorruptFileError("The TIFF is cut short or damaged.", "Export the radiograph again.")
