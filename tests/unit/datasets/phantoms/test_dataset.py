"""The drawn phantoms as a data set: made once and whole."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.copies.pairs import find_thumbnail_copies, shrink_to_thumbnail
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.phantoms import dataset
from fracture_core.datasets.phantoms.dataset import ensure_phantom_dataset
from fracture_core.datasets.phantoms.drawing import REGIONS

SMALL = {"count": 8, "size_px": 64}


def read_rows(directory: Path) -> list[dict[str, str]]:
    with (directory / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hash_folder(directory: Path) -> str:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def test_the_data_set_is_balanced_and_readable(tmp_path: Path) -> None:
    directory = ensure_phantom_dataset(tmp_path / "new" / "phantoms", count=12, size_px=64)
    catalog = read_catalog(directory)
    counts = Counter((item.region, item.label) for item in catalog.items)
    assert counts == {(region, label): 3 for region in REGIONS for label in (0, 1)}
    assert len({item.group for item in catalog.items}) == 12
    for item in catalog.items:
        width_px, height_px = Image.open(item.path).size
        assert bool(item.boxes) == bool(item.label)
        assert all(box.x + box.width <= width_px and box.y + box.height <= height_px for box in item.boxes)
    assert list(read_rows(directory)[0]) == ["path", "label", "group", "region", "view", "box"]
    assert "no clinical value" in " ".join((directory / "README.txt").read_text().split())


def test_no_phantom_is_taken_for_a_copy_of_another(tmp_path: Path) -> None:
    catalog = read_catalog(ensure_phantom_dataset(tmp_path / "phantoms", count=40, size_px=96))
    thumbnails = [
        shrink_to_thumbnail(np.asarray(Image.open(item.path), dtype=np.float32) / 255.0) for item in catalog.items
    ]
    assert find_thumbnail_copies(catalog.items, np.stack(thumbnails)) == []


def test_a_complete_folder_is_left_alone(tmp_path: Path) -> None:
    directory = ensure_phantom_dataset(tmp_path / "phantoms", **SMALL)
    before = {path: path.stat().st_mtime_ns for path in directory.rglob("*")}
    assert ensure_phantom_dataset(directory, **SMALL) == directory
    assert {path: path.stat().st_mtime_ns for path in directory.rglob("*")} == before


@pytest.mark.parametrize("missing", ["README.txt", "manifest.csv", "images/phantom_0005.png"])
def test_an_incomplete_folder_is_drawn_anew(tmp_path: Path, missing: str) -> None:
    directory = ensure_phantom_dataset(tmp_path / "phantoms", **SMALL)
    before = hash_folder(directory)
    (directory / missing).unlink()
    ensure_phantom_dataset(directory, **SMALL)
    assert hash_folder(directory) == before


def test_another_recipe_replaces_the_folder(tmp_path: Path) -> None:
    ensure_phantom_dataset(tmp_path / "phantoms", count=12, size_px=64)
    assert len(read_rows(ensure_phantom_dataset(tmp_path / "phantoms", **SMALL))) == 8
    assert len(list((tmp_path / "phantoms" / "images").iterdir())) == 8


def test_files_of_others_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "phantoms").mkdir()
    (tmp_path / "phantoms" / "notes.txt").write_text("mine")
    with pytest.raises(DatasetError, match=r"notes.txt.*nothing was changed"):
        ensure_phantom_dataset(tmp_path / "phantoms", **SMALL)
    assert (tmp_path / "phantoms" / "notes.txt").read_text() == "mine"


def test_a_drawing_cut_short_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(dataset, "_describe", stop)
        ensure_phantom_dataset(tmp_path / "phantoms", **SMALL)
    assert not (tmp_path / "phantoms").exists()
    assert len(read_rows(ensure_phantom_dataset(tmp_path / "phantoms", **SMALL))) == 8


def test_processes_that_ask_at_once_all_get_the_whole_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from fracture_core.datasets.phantoms.dataset import ensure_phantom_dataset as ensure\n"
        "print(len(list((ensure(Path(sys.argv[1]), count=40, size_px=64) / 'images').iterdir())))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "phantoms")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=120)[0].strip() for process in processes] == ["40", "40"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="cannot be written"):
        ensure_phantom_dataset(tmp_path / "file" / "phantoms", **SMALL)


def test_too_few_phantoms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="count is 3"):
        ensure_phantom_dataset(tmp_path / "phantoms", count=3)
