"""Readings as a table for a spreadsheet, written as they come from the database, however many they are."""

import csv
import io
from collections.abc import Iterable, Iterator

from fracture_core.base import quote_cell
from fracture_core.reading.history.records import ReadingRecord

COLUMNS = (
    "id",
    "at_utc",
    "who",
    "source",
    "file_sha256",
    "file_name",
    "frame",
    "correction",
    "source_type",
    "width_px",
    "height_px",
    "region",
    "view",
    "model",
    "model_sha256",
    "refused",
    "label",
    "call",
    "p_fracture",
    "threshold",
    "negative_below",
    "positive_from",
    "notes",
    "refusals",
    "override_by",
    "override_why",
    "override_at_utc",
    "elapsed_ms",
    "device",
    "worklist",
    "worklist_item",
)


def write_readings_csv(readings: Iterable[ReadingRecord]) -> Iterator[str]:
    """Yield the lines of a table, its head first; of a refused picture no reading is told.

    What a spreadsheet would run as a formula starts with an apostrophe.
    """
    yield _write(COLUMNS)
    for record in readings:
        yield _write(_build_row(record))


def _build_row(record: ReadingRecord) -> tuple[object, ...]:
    p_fracture = "" if record.shown_p is None else f"{record.shown_p:.6f}"
    return (
        record.id,
        f"{record.at:%Y-%m-%d %H:%M:%S}",
        record.who,
        record.source,
        record.sha256,
        record.name,
        record.frame,
        record.correction,
        record.source_type,
        record.width_px,
        record.height_px,
        record.region,
        record.view,
        record.model,
        record.model_sha256,
        int(record.is_refused),
        "" if record.is_refused else record.label,
        record.shown_call or "",
        p_fracture,
        record.threshold,
        record.negative_below,
        record.positive_from,
        "\n".join(record.notes),
        "\n".join(record.refusals),
        record.override_who,
        record.override_why,
        f"{record.override_at:%Y-%m-%d %H:%M:%S}" if record.override_at else "",
        f"{record.elapsed_ms:.1f}",
        record.device,
        record.worklist_id,
        record.item_number or "",
    )


def _write(cells: Iterable[object]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerow(
        [quote_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    )
    return buffer.getvalue()
