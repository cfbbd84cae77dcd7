"""A worklist as CSV and as an Excel file: what is in it, and that no name is run as a formula."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

from fracture_core.records.worklist.export import COLUMNS, build_worklist_csv, build_worklist_xlsx
from fracture_core.records.worklist.records import ItemOverride, Worklist, WorklistItem, WorklistProgress
from tests.unit.records.worklist.test_studies import make_item

WORKLIST = Worklist(
    id="w",
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
    title="t",
    source="upload",
    folder="",
    left_out=0,
    model="m",
    model_sha256="a" * 64,
    stopped=False,
    problem="",
    progress=WorklistProgress(0, 2, 1),
)
EVIL = '=HYPERLINK("http://example.org")'
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def make_items() -> list[WorklistItem]:
    said = ItemOverride("Ada", "+it is a rib view", datetime(2026, 11, 23, 9, tzinfo=UTC))
    return [
        make_item(1, "negative", 0.1, name=EVIL, label="not fractured"),
        make_item(2, "positive", 0.9, label="fractured", refusals=("A chest.",)),
        make_item(3, "positive", 0.8, label="fractured", refusals=("A chest.",), override=said),
        make_item(4, status="failed", reason="The file is empty."),
    ]


def read_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_csv_has_a_row_a_file_likely_fractures_first() -> None:
    rows = read_rows(build_worklist_csv(WORKLIST, make_items()))
    assert [row["number"] for row in rows] == ["3", "1", "2", "4"]
    assert rows[0]["call"] == "positive" and rows[0]["p_fracture"] == "0.800000" and rows[0]["override_by"] == "Ada"
    assert rows[0]["override_reason"] == "'+it is a rib view" and rows[1]["file"] == "'" + EVIL
    assert rows[3]["reason"] == "The file is empty." and rows[3]["status"] == "failed"


def test_the_reading_of_a_refused_picture_stays_out() -> None:
    [refused] = [row for row in read_rows(build_worklist_csv(WORKLIST, make_items())) if row["number"] == "2"]
    assert refused["status"] == "refused" and refused["refused_for"] == "A chest."
    assert {refused[name] for name in ("call", "p_fracture", "label", "exam_call", "exam_p_fracture")} == {""}


def test_excel_holds_the_same_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(build_worklist_xlsx(WORKLIST, make_items()))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        texts = ["".join(node.itertext()) for node in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    rows = sheet.findall(f".//{_SHEET}row")
    header = [texts[int(cell.findtext(f"{_SHEET}v", "-1"))] for cell in rows[0]]
    assert tuple(header) == COLUMNS and len(rows) == 5
    assert EVIL in texts and not sheet.findall(f".//{_SHEET}f")
