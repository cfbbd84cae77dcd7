"""Copies are found by thumbnails, turned or not; two radiographs that look alike are not called copies."""

import time

import numpy as np
import pytest

from fracture_core.base.errors import ShapeError
from fracture_core.datasets.copies.pairs import find_thumbnail_copies, shrink_to_thumbnail
from tests.unit.datasets.copies.pictures import (
    draw_limb,
    make_items,
    read_file_thumbnail,
    read_thumbnails,
)

COPIES = {
    "same": lambda a: a,
    "rotated 90": lambda a: np.rot90(a, -1),
    "rotated 180": lambda a: np.rot90(a, 2),
    "rotated 270": lambda a: np.rot90(a, 1),
    "mirrored": lambda a: a[:, ::-1],
    "mirrored, rotated 90": lambda a: np.rot90(a, -1)[:, ::-1],
    "mirrored, rotated 180": lambda a: a[::-1],
    "mirrored, rotated 270": lambda a: np.rot90(a, 1)[:, ::-1],
}


class TestThumbnail:
    def test_averages_areas(self):
        pixels = np.zeros((64, 128))
        pixels[:, 64:] = 1
        pixels[0, 0] = 1  # one of the 2 x 4 pixels of the first cell
        thumbnail = shrink_to_thumbnail(pixels)
        assert thumbnail.dtype == np.uint8
        assert thumbnail[0, 0] == 32
        assert (thumbnail[1:, :16] == 0).all()
        assert (thumbnail[:, 16:] == 255).all()

    @pytest.mark.parametrize("shape", [(1, 1), (7, 500), (32, 32), (33, 31), (1000, 900)])
    def test_keeps_the_mean_at_any_size(self, shape):
        pixels = np.random.default_rng(0).uniform(0, 1, shape)
        assert shrink_to_thumbnail(pixels).mean() / 255 == pytest.approx(pixels.mean(), abs=0.003)

    @pytest.mark.parametrize("shape", [(4, 4, 3), (0, 5), (9,)])
    def test_other_shapes_are_refused(self, shape):
        with pytest.raises(ShapeError, match="pixels has shape"):
            shrink_to_thumbnail(np.zeros(shape))


class TestDuplicates:
    @pytest.mark.parametrize("transform", COPIES)
    def test_turned_copies_are_found_with_what_undoes_the_turn(self, transform):
        picture = draw_limb(1)
        pairs = find_thumbnail_copies(make_items(2), read_thumbnails(picture, COPIES[transform](picture)))
        assert [(pair.first, pair.second, pair.transform) for pair in pairs] == [("00000.png", "00001.png", transform)]
        assert pairs[0].correlation > 0.95

    @pytest.mark.parametrize(
        "change",
        [
            lambda a: a**2.2,
            lambda a: a**0.5,
            lambda a: 0.3 + 0.2 * a,
            lambda a: a[::2, ::3],
            lambda a: np.clip(a + np.random.default_rng(0).normal(0, 0.03, a.shape), 0, 1),
        ],
        ids=["darker", "lighter", "flatter", "smaller", "noisy"],
    )
    def test_copies_changed_in_contrast_or_size_are_found(self, change):
        picture = draw_limb(2)
        assert len(find_thumbnail_copies(make_items(2), read_thumbnails(picture, change(picture)))) == 1

    def test_limbs_of_one_outline_are_not_copies(self):
        thumbnails = read_thumbnails(*(draw_limb(seed) for seed in range(40)))
        plain = thumbnails.reshape(40, -1).astype(float)
        # The drawings are alike enough that correlation of grey levels would take them for copies.
        assert np.sort(np.corrcoef(plain)[np.triu_indices(40, 1)])[-1] > 0.9
        assert find_thumbnail_copies(make_items(40), thumbnails) == []

    def test_pictures_of_nothing_are_no_copies(self):
        thumbnails = np.full((3, 32, 32), 7, np.uint8)
        thumbnails[1] = 200
        thumbnails[2, ::2] = 8
        assert find_thumbnail_copies(make_items(3), thumbnails) == []

    def test_no_items(self):
        assert find_thumbnail_copies((), np.zeros((0, 32, 32), np.uint8)) == []

    def test_shapes_are_checked(self):
        with pytest.raises(ShapeError, match=r"expected \(3, 32, 32\)"):
            find_thumbnail_copies(make_items(3), np.zeros((2, 32, 32), np.uint8))

    def test_order_of_items_makes_no_difference(self):
        pictures = [draw_limb(seed) for seed in (1, 2, 3)]
        thumbnails = read_thumbnails(*pictures, pictures[1][:, ::-1], pictures[0])
        items = make_items(5)
        backwards = find_thumbnail_copies(items[::-1], thumbnails[::-1])
        assert backwards == find_thumbnail_copies(items, thumbnails)
        assert [(pair.first, pair.second) for pair in backwards] == [
            ("00000.png", "00004.png"),
            ("00001.png", "00003.png"),
        ]

    def test_thousands_in_seconds_across_blocks(self):
        rng = np.random.default_rng(0)
        thumbnails = rng.integers(0, 256, (2500, 32, 32), dtype=np.uint8)
        thumbnails[2400] = thumbnails[3][::-1]
        start_s = time.perf_counter()
        pairs = find_thumbnail_copies(make_items(2500), thumbnails)
        elapsed_s = time.perf_counter() - start_s
        assert [(pair.first, pair.second) for pair in pairs] == [("00003.png", "02400.png")]
        assert elapsed_s < 20  # measured 1 s on one core; a shared machine may be busy


class TestRealData:
    """Pairs that were looked at, one by one."""

    @pytest.mark.parametrize(
        ("first", "second", "are_copies"),
        [
            ("Non_fractured/IMG0000236", "Non_fractured/IMG0000237", True),  # turned by 270 degrees
            ("Non_fractured/IMG0000089", "Non_fractured/IMG0000090", True),  # other contrast, a marker added
            ("Fractured/IMG0002749", "Fractured/IMG0004113", True),  # the second is cut at its foot
            ("Fractured/IMG0004262", "Non_fractured/IMG0002952", True),  # with two labels
            ("Non_fractured/IMG0000778", "Non_fractured/IMG0001170", False),  # pelves of two people
            ("Non_fractured/IMG0001016", "Non_fractured/IMG0003669", False),  # left and right foot
            ("Non_fractured/IMG0000992", "Non_fractured/IMG0002660", False),  # knees of two people
        ],
    )
    def test_fracatlas(self, real_data, first, second, are_copies):
        images = real_data("FracAtlas") / "images"
        thumbnails = np.stack([read_file_thumbnail(images / f"{name}.jpg") for name in (first, second)])
        assert bool(find_thumbnail_copies(make_items(2), thumbnails)) == are_copies

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("train/not fractured/69", "val/not fractured/3"),  # lighter
            ("train/not fractured/30", "train/not fractured/47"),
            ("train/not fractured/29", "train/not fractured/46"),
            ("train/fractured/57", "train/fractured/83"),
            ("train/fractured/59", "train/fractured/85"),  # other contrast
            ("train/fractured/60", "train/fractured/86"),  # other contrast
            (
                "train/not fractured/4-rotated2-rotated3-rotated1-rotated1",
                "val/not fractured/4-rotated2-rotated2-rotated1",
            ),
        ],
    )
    def test_the_paper_has_radiographs_under_two_ids(self, real_data, first, second):
        paper = real_data("paper")
        thumbnails = np.stack([read_file_thumbnail(paper / f"{name}.jpg") for name in (first, second)])
        assert len(find_thumbnail_copies(make_items(2), thumbnails)) == 1
