"""A worklist as a table for other programs."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from fracture_core.base import quote_cell
from fracture_core.records.worklist.records import Worklist, WorklistItem
from fracture_core.records.worklist.studies import Study, build_studies, sort_studies

COLUMNS = (
    "number",
    "file",
    "exam",
    "exam_call",
    "exam_p_fracture",
    "status",
    "call",
    "p_fracture",
    "label",
    "refused_for",
    "override_by",
    "override_reason",
    "override_at",
    "reason",
    "notes",
    "region",
    "view",
    "type",
    "width_px",
    "height_px",
    "sha256",
    "model",
    "model_sha256",
    "read_at",
    "elapsed_ms",
)
_WIDE = {"file": 36, "reason": 40, "notes": 40, "refused_for": 40}


def build_worklist_csv(worklist: Worklist, items: Sequence[WorklistItem]) -> bytes:
    """Return a row a file, likely fractures first; what a spreadsheet would run as a formula gets an apostrophe.

    The reading of a refused picture is left out until somebody overrides, as on the page.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _build_rows(worklist, items):
        writer.writerow([quote_cell(value) if isinstance(value, str) else _write(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")  # without the mark, Excel takes it for another encoding


def build_worklist_xlsx(worklist: Worklist, items: Sequence[WorklistItem]) -> bytes:
    """Return the same as an Excel file; text stays text, whatever it begins with."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Worklist")
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.000"})
        sheet.write_row(0, 0, COLUMNS, bold)
        rows = _build_rows(worklist, items)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value, share if isinstance(value, float) else None)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDE.get(name, max(9, len(name) + 2)))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    return buffer.getvalue()


def _build_rows(worklist: Worklist, items: Sequence[WorklistItem]) -> list[tuple[Any, ...]]:
    studies = sort_studies(build_studies(items))
    return [_build_row(worklist, study, item) for study in studies for item in study.items]


def _build_row(worklist: Worklist, study: Study, item: WorklistItem) -> tuple[Any, ...]:
    override = item.override
    return (
        item.number,
        item.name,
        study.number,
        study.call or "",
        study.p_fracture,
        "refused" if item.is_refused else item.status,
        item.shown_call or "",
        item.shown_p,
        "" if item.is_refused else item.label,
        "; ".join(item.refusals),
        override.who if override else "",
        override.why if override else "",
        override.at.isoformat(timespec="seconds") if override else "",
        item.reason,
        " ".join(item.notes),
        item.region,
        item.view,
        item.source_type,
        item.width_px,
        item.height_px,
        item.sha256,
        worklist.model,
        worklist.model_sha256,
        item.read_at.isoformat(timespec="seconds") if item.read_at else "",
        item.elapsed_ms,
    )


def _write(value: float | int | None) -> str:
    if value is None:
        return ""
    return f"{value:.6f}" if isinstance(value, float) else str(value)
