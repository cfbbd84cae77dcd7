"""read_catalog: the ways a folder can be wrong, and the real data sets."""

from collections import Counter

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Exclusion


class TestBadFolders:
    def test_not_a_folder(self, tmp_path):
        with pytest.raises(DatasetError, match=r"is neither a folder nor a zip. Give the folder"):
            read_catalog(tmp_path / "nowhere")

    def test_no_images(self, write_files):
        with pytest.raises(DatasetError, match="holds no images; it has no folders"):
            read_catalog(write_files(["notes.txt"]))
        with pytest.raises(DatasetError, match=r"holds no images. Images are JPEG"):
            read_catalog(write_files(["fractured/notes.txt", "normal/notes.txt"]))

    def test_unknown_layout_tells_what_was_seen(self, write_files):
        with pytest.raises(DatasetError, match="holds 2 images in no known layout; its folders are cats, dogs"):
            read_catalog(write_files(["cats/1.jpg", "dogs/1.jpg"]))

    def test_one_class(self, write_files):
        with pytest.raises(DatasetError, match=r"All 5 images in .* are fractured \(") as error:
            read_catalog(write_files([*(f"fractured/{n}.jpg" for n in range(5)), "normal/notes.txt"]))
        assert 'Add images that are "not fractured"' in error.value.remedy
        assert "and 2 more" in error.value.problem


class TestRealData:
    def test_fracatlas(self, real_data):
        catalog = read_catalog(real_data("FracAtlas"))
        assert len(catalog.items) + len(catalog.excluded) == 3207
        assert sum(item.path.parent.name == "Fractured" for item in catalog.items) == 572
        assert catalog.excluded == (
            Exclusion("images/Fractured/IMG0003298.jpg", "lies in Fractured but dataset.csv says not fractured"),
        )
        # 732 boxes are published; one is on the image left out.
        assert sum(len(item.boxes) for item in catalog.items) == 731
        assert all(bool(item.boxes) == bool(item.label) for item in catalog.items)
        assert Counter(item.region for item in catalog.items) == {
            "leg": 1652,
            "hand": 1003,
            "mixed": 319,
            "hip": 152,
            "shoulder": 80,
        }
        assert len({item.group for item in catalog.items}) == 1277

    def test_the_papers_data_set(self, real_data):
        catalog = read_catalog(real_data("paper"))
        assert len(catalog.items) == 9463
        assert not catalog.excluded
        families = Counter(group.rpartition("/")[0] for group in {item.group for item in catalog.items})
        assert families == {
            "train/fractured": 112,
            "train/not fractured": 66,
            "val/fractured": 9,
            "val/not fractured": 4,
        }
        assert Counter(item.published_split for item in catalog.items) == {"train": 8863, "val": 600}
