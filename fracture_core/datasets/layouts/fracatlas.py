"""FracAtlas's own layout: images by class, dataset.csv with regions and views, COCO boxes.

Source: Abedeen et al., Scientific Data 2023, doi 10.1038/s41597-023-02432-4.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

from fracture_core.base import DatasetError
from fracture_core.datasets.layouts.csv_table import read_csv_table
from fracture_core.datasets.layouts.image_files import find_image_files
from fracture_core.datasets.layouts.items import LABELS, Box, DatasetItem, Exclusion

REGIONS = ("hand", "leg", "hip", "shoulder")
VIEWS = ("frontal", "lateral", "oblique")
_FOLDERS = {"Fractured": 1, "Non_fractured": 0}
_COLUMNS = ("image_id", *REGIONS, "mixed", "hardware", "fractured", *VIEWS)
_BOXES = Path("Annotations", "COCO JSON", "COCO_fracture_masks.json")


def is_fracatlas(root: Path) -> bool:
    """Tell whether ``root`` holds FracAtlas's table and image folders."""
    return (root / "dataset.csv").is_file() and any((root / "images" / folder).is_dir() for folder in _FOLDERS)


def read_fracatlas(root: Path) -> tuple[list[DatasetItem], list[Exclusion]]:
    """Return the images that have a row, with region, views, hardware and boxes.

    There are no patient ids. Neighbouring image ids look like views of one exam,
    so a run of them with one region is a group. The label does not end a run:
    groups made with its help would tell of it.

    Raises:
        DatasetError: dataset.csv or the boxes cannot be read.
    """
    table = read_csv_table(root / "dataset.csv", _COLUMNS, "Put FracAtlas's own dataset.csv in place.")
    rows = {row["image_id"]: row for row in table}
    files = {path.name: path for folder in _FOLDERS for path in find_image_files(root / "images" / folder)}
    boxes = _read_boxes(root / _BOXES)
    groups = _group_runs(rows)
    items: list[DatasetItem] = []
    excluded = [
        Exclusion(_relative(path, root), "has no row in dataset.csv")
        for name, path in files.items()
        if name not in rows
    ]
    for name, row in rows.items():
        reason = _find_fault(row, files.get(name))
        if reason is None:
            items.append(_read_item(files[name], root, row, groups[name], boxes[name]))
        else:
            excluded.append(Exclusion(_relative(files[name], root) if name in files else name, reason))
    return items, excluded


def _read_boxes(path: Path) -> dict[str, tuple[Box, ...]]:
    boxes: defaultdict[str, tuple[Box, ...]] = defaultdict(tuple)
    if not path.is_file():
        return boxes
    try:
        coco = json.loads(path.read_text(encoding="utf-8"))
        names = {image["id"]: image["file_name"] for image in coco["images"]}
        for annotation in coco["annotations"]:
            boxes[names[annotation["image_id"]]] += (Box(*map(float, annotation["bbox"])),)
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{_BOXES.as_posix()} is not a COCO file ({type(error).__name__}).",
            "Put FracAtlas's own file in place, or remove it to go without boxes.",
        ) from error
    return boxes


def _find_fault(row: dict[str, str], path: Path | None) -> str | None:
    """Return why a row cannot be used, or None."""
    if path is None:
        return "in dataset.csv but the file is missing"
    if row["fractured"] not in ("0", "1"):
        return f"dataset.csv has {row['fractured']!r} for fractured, neither 0 nor 1"
    folder = path.parent.name
    if int(row["fractured"]) != _FOLDERS[folder]:
        return f"lies in {folder} but dataset.csv says {LABELS[int(row['fractured'])]}"
    return None


def _read_item(path: Path, root: Path, row: dict[str, str], group: str, boxes: tuple[Box, ...]) -> DatasetItem:
    return DatasetItem(
        path=path,
        name=_relative(path, root),
        label=int(row["fractured"]),
        group=group,
        region=_read_region(row),
        views=tuple(view for view in VIEWS if row[view] == "1"),
        hardware=row["hardware"] == "1",
        boxes=boxes,
    )


def _read_region(row: dict[str, str]) -> str | None:
    regions = [region for region in REGIONS if row[region] == "1"]
    if row["mixed"] == "1" or len(regions) > 1:
        return "mixed"
    return regions[0] if regions else None


def _group_runs(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return each image's group, named by region and the first image of its run."""
    numbered = sorted((_read_number(name), name) for name in rows)
    groups: dict[str, str] = {}
    previous: tuple[int, str | None] | None = None
    group = ""
    for number, name in numbered:
        region = _read_region(rows[name])
        if number < 0 or previous != (number - 1, region):
            group = f"{region or 'unknown'}/{name.rpartition('.')[0] or name}"
        groups[name] = group
        previous = (number, region)
    return groups


def _read_number(name: str) -> int:
    """Return the number in ``IMG0000019.jpg``; -1 where the name has another form."""
    match = re.fullmatch(r"IMG(\d+)\.\w+", name)
    return int(match.group(1)) if match else -1


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
