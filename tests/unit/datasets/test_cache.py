"""The cache holds every readable file, names the others, and is made once."""

from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets import cache as cache_module
from fracture_core.datasets.cache import cache_images, measure_mean_std
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.networks.preprocessing import Preprocessing
from tests.tiny_world import write_dataset

SMALL = Preprocessing(input_size_px=32)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    root = write_dataset(tmp_path / "drawn", count=8)
    whole = (root / "fractured" / "01.png").read_bytes()
    (root / "fractured" / "cut.png").write_bytes(whole[: len(whole) // 2])
    return read_catalog(root)


def test_unreadable_file_is_left_out_with_its_reason(catalog: Catalog, tmp_path: Path) -> None:
    images = cache_images(catalog, SMALL, cache_dir=tmp_path / "cache")
    assert len(images.items) == len(images.squares) == len(images.thumbnails) == len(images.sizes_px) == 8
    assert [exclusion.name for exclusion in images.excluded] == ["fractured/cut.png"]
    assert images.excluded[0].reason
    assert images.squares.shape[1:] == (32, 32) and images.squares.dtype == np.uint8


def test_second_call_decodes_nothing(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cache_images(catalog, SMALL, cache_dir=tmp_path / "cache")

    def fail(path: Path) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(cache_module, "read_radiograph_file", fail)
    second = cache_images(catalog, SMALL, cache_dir=tmp_path / "cache")
    assert np.array_equal(first.squares, second.squares)
    assert first.items == second.items and first.excluded == second.excluded


def test_another_size_is_another_cache(catalog: Catalog, tmp_path: Path) -> None:
    cache_images(catalog, SMALL, cache_dir=tmp_path / "cache")
    larger = cache_images(catalog, Preprocessing(input_size_px=48), cache_dir=tmp_path / "cache")
    assert larger.squares.shape[1:] == (48, 48)
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_broken_off_build_leaves_nothing_half(catalog: Catalog, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache_images(catalog, SMALL, cache_dir=tmp_path / "cache", progress=stop)
    assert list((tmp_path / "cache").iterdir()) == []


def test_nothing_readable_is_told(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "drawn", count=4)
    for path in root.rglob("*.png"):
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DatasetError, match="None of the 4 files"):
        cache_images(read_catalog(root), SMALL, cache_dir=tmp_path / "cache")


def test_a_class_of_which_nothing_is_readable_is_told(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "drawn", count=10)
    for path in (root / "fractured").iterdir():
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DatasetError, match=r"None of the 5 files of 'drawn' that are fractured can be read") as error:
        cache_images(read_catalog(root), SMALL, cache_dir=tmp_path / "cache")
    assert "fractured/01.png: " in error.value.problem and "and 2 more" in error.value.problem
    assert list((tmp_path / "cache").iterdir()) == []


def test_mean_and_std_are_exact() -> None:
    squares = np.random.default_rng(0).integers(0, 256, (5, 16, 16), dtype=np.uint8)
    mean, std = measure_mean_std(squares)
    assert mean == pytest.approx((squares / 255).mean())
    assert std == pytest.approx((squares / 255).std())
