"""The drawn phantoms as a data set in a folder: made once, whole or not at all."""

import csv
import shutil
from pathlib import Path

import numpy as np
from filelock import FileLock
from PIL import Image

from fracture_core.base import DatasetError
from fracture_core.datasets.phantoms.drawing import REGIONS, Phantom, draw_phantom

# Raise it when the drawing changes, so that folders of the old drawing are made anew.
DRAWING_VERSION = 3

_COLUMNS = ("path", "label", "group", "region", "view", "box")
_README = """DRAWN PHANTOMS, NOT RADIOGRAPHS

A program drew these pictures. They show no person, were taken with no device and
are of no clinical value. They let Fracture be tried and tested on a machine without
a data set; what a network scores on them says nothing about radiographs of people.

drawing {version}, count {count}, seed {seed}, size {size_px} px
"""


def ensure_phantom_dataset(directory: Path, *, count: int = 240, seed: int = 0, size_px: int = 320) -> Path:
    """Return a folder of phantoms, and draw it first where it is not there.

    Half of them are fractured, and half of these and of the others show each region.
    Every phantom is an arm of its own. Drawing takes some seconds; processes that
    ask at once wait for one of them, and a folder cut short is drawn anew.

    Args:
        directory: of PNG files, manifest.csv and README.txt; made with its parents.
        count: phantoms, at least 4.
        seed: 0 or more; no two seeds share a phantom.
        size_px: length of the longer side.

    Raises:
        DatasetError: the folder holds files that are not phantoms, or cannot be written.
        ValueError: the count is below 4.
    """
    if count < 4:
        raise ValueError(f"count is {count}, expected at least 4.")
    directory = Path(directory)
    readme = _README.format(version=DRAWING_VERSION, count=count, seed=seed, size_px=size_px)
    if _is_complete(directory, readme):
        return directory
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(directory.with_name(f".{directory.name}.lock")):
            if not _is_complete(directory, readme):
                _refuse_foreign(directory)
                _build(directory, readme, count, seed, size_px)
    except OSError as error:
        raise DatasetError(f"{directory} cannot be written ({error}).", "Name a folder that can be written.") from error
    return directory


def _is_complete(directory: Path, readme: str) -> bool:
    """Tell whether a folder holds these very phantoms, all of them."""
    try:
        if (directory / "README.txt").read_text(encoding="utf-8") != readme:
            return False
        with (directory / "manifest.csv").open(newline="", encoding="utf-8") as file:
            return all((directory / row["path"]).stat().st_size > 0 for row in csv.DictReader(file))
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        return False


def _refuse_foreign(directory: Path) -> None:
    """Make sure that replacing the folder loses nothing but phantoms."""
    ours = {directory / "README.txt", directory / "manifest.csv", directory / "images"}
    ours.update((directory / "images").glob("phantom_*.png"))
    foreign = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path not in ours)
    if foreign:
        raise DatasetError(
            f"{directory} holds {len(foreign)} files that are not drawn phantoms, such as {foreign[0]}.",
            "Name an empty folder; nothing was changed.",
        )


def _build(directory: Path, readme: str, count: int, seed: int, size_px: int) -> None:
    """Draw into a folder beside, then put it in place; the lock is held."""
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "images").mkdir(parents=True)
    rows = [_write_phantom(partial, index, seed, size_px) for index in range(count)]
    with (partial / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    (partial / "README.txt").write_text(readme, encoding="utf-8")
    if directory.exists():  # only a folder that is empty can be replaced
        shutil.rmtree(directory)
    partial.replace(directory)


def _write_phantom(folder: Path, index: int, seed: int, size_px: int) -> dict[str, str]:
    """Write one PNG and return its row of the manifest."""
    region, fractured = REGIONS[index % 2], index // 2 % 2 == 1
    phantom = draw_phantom(seed * 1_000_000 + index, region=region, fractured=fractured, size_px=size_px)
    name = f"phantom_{index:04d}"
    path = f"images/{name}.png"
    pixels = np.rint(phantom.pixels * 255.0).astype(np.uint8)
    Image.fromarray(pixels).save(folder / path, compress_level=1)  # grain hardly compresses
    return _describe(phantom, path, name)


def _describe(phantom: Phantom, path: str, name: str) -> dict[str, str]:
    return {
        "path": path,
        "label": "fractured" if phantom.fractured else "not fractured",
        "group": name,
        "region": phantom.region,
        "view": "frontal",
        "box": ";".join(" ".join(map(str, box)) for box in phantom.boxes),
    }
