"""Drawn phantoms: the same from the same seed, broken only inside their boxes, and a data set made once and whole."""

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
from fracture_core.datasets.phantoms.drawing import REGIONS, Phantom, draw_phantom

# Mean brightness (of 255) of each cell of a 4 x 5 grid, seed 11, fractured, 256 px. Where the drawing
# was changed on purpose, raise DRAWING_VERSION and put in what this test prints.
GOLDEN = {
    "forearm": [[53, 113, 78, 16], [12, 151, 98, 10], [11, 124, 109, 23], [12, 115, 103, 59], [11, 101, 103, 74]],
    "hand": [[19, 31, 40, 19], [16, 68, 73, 13], [20, 110, 77, 42], [19, 131, 92, 33], [32, 156, 41, 12]],
}
SMALL = {"count": 8, "size_px": 64}


def draw_pair(seed: int, region: str) -> tuple[Phantom, Phantom]:
    """Return the same arm whole and broken."""
    whole, broken = (draw_phantom(seed, region=region, fractured=fractured, size_px=224) for fractured in (False, True))
    return whole, broken


def mask_boxes(phantom: Phantom) -> np.ndarray:
    mask = np.zeros(phantom.pixels.shape, dtype=bool)
    for x, y, width, height in phantom.boxes:
        mask[y : y + height, x : x + width] = True
    return mask


def read_rows(directory: Path) -> list[dict[str, str]]:
    with (directory / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hash_folder(directory: Path) -> str:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


@pytest.mark.parametrize("region", REGIONS)
def test_a_seed_always_gives_the_same_bytes(region: str) -> None:
    first, again = (draw_phantom(3, region=region, fractured=True, size_px=160) for _ in range(2))
    assert first.pixels.tobytes() == again.pixels.tobytes()
    assert first.boxes == again.boxes


@pytest.mark.parametrize("region", REGIONS)
def test_drawing_is_as_it_was(region: str) -> None:
    pixels = draw_phantom(11, region=region, fractured=True, size_px=256).pixels
    cells = np.asarray(Image.fromarray(pixels).resize((4, 5), Image.Resampling.BOX)) * 255.0
    print(cells.round().astype(int).tolist())
    np.testing.assert_allclose(cells, GOLDEN[region], atol=1.0)


@pytest.mark.parametrize("region", REGIONS)
def test_pixels_are_a_picture_from_black_to_white(region: str) -> None:
    for seed in range(5):
        pixels = draw_phantom(seed, region=region, fractured=False, size_px=192).pixels
        assert pixels.dtype == np.float32 and pixels.ndim == 2 and max(pixels.shape) == 192
        assert pixels.min() >= 0.0 and pixels.max() <= 1.0
        assert np.quantile(pixels, 0.02) < 0.1 and np.quantile(pixels, 0.98) > 0.4


@pytest.mark.parametrize("region", REGIONS)
def test_boxes_lie_in_the_image_and_only_where_a_bone_is_broken(region: str) -> None:
    for seed in range(12):
        whole, broken = draw_pair(seed, region)
        assert whole.boxes == () and len(broken.boxes) >= 1
        height_px, width_px = broken.pixels.shape
        for x, y, width, height in broken.boxes:
            assert x >= 0 and y >= 0 and x + width <= width_px and y + height <= height_px
            assert min(width, height) >= 6


@pytest.mark.parametrize("region", REGIONS)
def test_a_break_changes_its_boxes_and_nothing_else(region: str) -> None:
    """So neither exposure, pose, grain nor marker can tell the label."""
    for seed in range(8):
        whole, broken = draw_pair(seed, region)
        change = np.abs(whole.pixels - broken.pixels)
        assert change[~mask_boxes(broken)].max() < 0.03
        for x, y, width, height in broken.boxes:
            assert change[y : y + height, x : x + width].max() > 0.15


@pytest.mark.parametrize("region", REGIONS)
def test_every_phantom_bears_the_marker(region: str) -> None:
    for seed in range(4):
        pixels = draw_phantom(seed, region=region, fractured=False, size_px=512).pixels
        assert np.count_nonzero(np.isclose(pixels, 240 / 255, atol=1e-6)) >= 20  # the plain face of the letter


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'elbow'.*forearm"):
        draw_phantom(0, region="elbow", fractured=False)


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
