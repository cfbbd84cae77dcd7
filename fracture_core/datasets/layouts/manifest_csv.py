"""A folder with manifest.csv: a row a radiograph, for data sets that know their patients.

Columns: path, label; optional patient, exam, group, region, view, hardware, box, split.
"""

import math
import posixpath
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from fracture_core.base import DatasetError, quote_first
from fracture_core.datasets.layouts.csv_table import read_csv_table
from fracture_core.datasets.layouts.image_files import read_family
from fracture_core.datasets.layouts.items import Box, DatasetItem, Exclusion
from fracture_core.datasets.layouts.spellings import SPLIT_FOLDERS, read_label

MANIFEST_NAME = "manifest.csv"
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": None}


def is_manifest(root: Path) -> bool:
    """Tell whether ``root`` holds a manifest.csv."""
    return (root / MANIFEST_NAME).is_file()


def read_manifest(root: Path) -> tuple[list[DatasetItem], list[Exclusion]]:
    """Return an item a row; group is patient, else exam, else group, else file family.

    Raises:
        DatasetError: columns are missing, a cell is not of its kind, a path is
            named twice, lies outside the folder, or its file is not there.
    """
    rows = read_csv_table(root / MANIFEST_NAME, ("path", "label"), "Its first line must name path and label.")
    for row in rows:
        row["path"] = posixpath.normpath(row["path"].replace("\\", "/"))  # as a table made on Windows has it
    _refuse_rows(rows, "path", lambda text: text != "." and text.isprintable(), "Write the file's path in every row.")
    _refuse_rows(rows, "label", lambda text: _read_label(text) is not None, "Use 0, 1 or the names of the classes.")
    _refuse_rows(rows, "box", lambda text: _read_boxes(text) is not None, 'Write "x y w h;x y w h" in px.')
    _refuse_rows(rows, "hardware", lambda text: text.lower() in _YES_NO, "Use 0 or 1.")
    _refuse_rows(rows, "split", lambda text: not text or text.lower() in SPLIT_FOLDERS, "Use train, val or test.")
    _refuse_repeats(rows)
    _refuse_missing(rows, root)
    _fill_patients(rows)
    return [_read_item(row, root) for row in rows], []


def _refuse_rows(rows: list[dict[str, str]], column: str, is_right: Callable[[str], bool], remedy: str) -> None:
    wrong = [f"{row['path']}: {row[column]!r}" for row in rows if column in row and not is_right(row[column])]
    if wrong:
        raise DatasetError(f"manifest.csv has {len(wrong)} rows with a bad {column} ({quote_first(wrong)}).", remedy)


def _refuse_repeats(rows: list[dict[str, str]]) -> None:
    repeated = sorted(path for path, count in Counter(row["path"] for row in rows).items() if count > 1)
    if repeated:
        raise DatasetError(
            f"manifest.csv names {len(repeated)} files more than once ({quote_first(repeated)}).",
            "Keep one row a file.",
        )


def _refuse_missing(rows: list[dict[str, str]], root: Path) -> None:
    top = root.resolve()
    outside = [row["path"] for row in rows if not (root / row["path"]).resolve().is_relative_to(top)]
    if outside:
        raise DatasetError(
            f"manifest.csv names {len(outside)} files outside its own folder ({quote_first(outside)}).",
            "Put them into the folder, and write paths relative to it.",
        )
    missing = [row["path"] for row in rows if not (root / row["path"]).is_file()]
    if missing:
        raise DatasetError(
            f"{len(missing)} of the {len(rows)} files that manifest.csv names are not there ({quote_first(missing)}).",
            "Put them in place or remove their rows; paths are relative to the folder of manifest.csv.",
        )


def _fill_patients(rows: list[dict[str, str]]) -> None:
    """Give rows that tell the exam alone its patient, or one exam would end in two groups."""
    patients: dict[str, set[str]] = {}
    for row in rows:
        if row.get("exam") and row.get("patient"):
            patients.setdefault(row["exam"], set()).add(row["patient"])
    for row in rows:
        known = patients.get(row.get("exam", ""), set())
        if not row.get("patient") and len(known) == 1:  # with several, exams are counted per patient
            row["patient"] = next(iter(known))


def _read_item(row: dict[str, str], root: Path) -> DatasetItem:
    name = row["path"]
    return DatasetItem(
        path=root / name,
        name=name,
        label=_read_label(row["label"]) or 0,
        group=_read_group(row, name),
        region=row.get("region") or None,
        views=tuple(row.get("view", "").split()),
        hardware=_YES_NO[row.get("hardware", "").lower()],
        boxes=_read_boxes(row.get("box", "")) or (),
        published_split=SPLIT_FOLDERS.get(row.get("split", "").lower()),
    )


def _read_group(row: dict[str, str], name: str) -> str:
    # The column's name keeps patient 7 and exam 7 apart.
    for column in ("patient", "exam", "group"):
        if row.get(column):
            return f"{column}/{row[column]}"
    folder, _, file_name = name.rpartition("/")
    return f"{folder}/{read_family(file_name)}"


def _read_label(text: str) -> int | None:
    return int(text) if text in ("0", "1") else read_label(text)


def _read_boxes(text: str) -> tuple[Box, ...] | None:
    """Return the boxes of a cell, or None where it is not of the form ``x y w h;x y w h``."""
    try:
        boxes = tuple(Box(*map(float, part.split())) for part in text.split(";") if part.strip())
    except (ValueError, TypeError):
        return None
    return boxes if all(_is_drawable(box) for box in boxes) else None


def _is_drawable(box: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and 0 < box.width < math.inf and 0 < box.height < math.inf
