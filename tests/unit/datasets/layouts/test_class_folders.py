"""A folder a class: spellings, splits, families, strays."""

from collections import Counter

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import LABELS, Exclusion


class TestClassFolders:
    @pytest.mark.parametrize("positive", ["fractured", "Fracture", "FRACTURED.", "With_fracture", "positive"])
    @pytest.mark.parametrize(
        "negative",
        [
            "not fractured",
            "not_fractured",
            "not-fractured",
            "Non-fractured",
            "Non_fractured",
            "no fracture",
            "NORMAL",
            "negative",
            "not.fractured",
            "non\u2010fractured",
            "Without fracture",
        ],
    )
    def test_spellings_of_the_classes(self, write_files, positive, negative):
        catalog = read_catalog(write_files([f"{positive}/a.png", f"{negative}/b.png"]))
        assert {item.name: LABELS[item.label] for item in catalog.items} == {
            f"{positive}/a.png": "fractured",
            f"{negative}/b.png": "not fractured",
        }

    def test_published_split_folders(self, write_files):
        folders = ["train", "valid", "test"]
        root = write_files([f"{split}/{name}/1.jpg" for split in folders for name in ("fractured", "not fractured")])
        splits = Counter(item.published_split for item in read_catalog(root).items)
        assert splits == {"train": 2, "val": 2, "test": 2}

    def test_classes_beside_split_folders_are_kept(self, write_files):
        root = write_files(
            ["fractured/1.jpg", "normal/1.jpg", "test/fractured/2.jpg", "test/normal/2.jpg", "notes/x.jpg"]
        )
        catalog = read_catalog(root)
        assert {item.name: item.published_split for item in catalog.items} == {
            "fractured/1.jpg": None,
            "normal/1.jpg": None,
            "test/fractured/2.jpg": "test",
            "test/normal/2.jpg": "test",
        }

    def test_rotations_share_a_group_and_folders_do_not(self, write_files):
        names = ["12.jpg", "12-rotated3.jpg", "12-rotated3-rotated1.jpg", "1.jpg", "wrist-left.jpg"]
        root = write_files([f"{name_}/{file}" for name_ in ("train/fractured", "train/normal") for file in names])
        groups = {item.name: item.group for item in read_catalog(root).items}
        assert {groups[f"train/fractured/{name}"] for name in names[:3]} == {"train/fractured/12"}
        assert groups["train/fractured/wrist-left.jpg"] == "train/fractured/wrist-left"
        assert len(set(groups.values())) == 6

    def test_only_images_count(self, write_files):
        images = [
            "a.JPG",
            "b.jpeg",
            "c.tif",
            "d.tiff",
            "e.dcm",
            "f.dicom",
            "IM0001",
            "1.2.840.10008.5",
            "1.2.840.10008.6",
        ]
        others = ["Thumbs.db", ".DS_Store", "._a.jpg", "labels.csv", "notes.txt", "README"]
        root = write_files(
            [*(f"fractured/{name}" for name in images + others), "normal/n.png", "__MACOSX/fractured/x.jpg"]
        )
        items = [item for item in read_catalog(root).items if item.label == 1]
        assert sorted(item.path.name for item in items) == sorted(images)
        assert len({item.group for item in items}) == len(images)

    def test_strays_are_named(self, write_files):
        catalog = read_catalog(
            write_files(["train/fractured/1.jpg", "train/normal/2.jpg", "train/3.jpg", "readme.txt"])
        )
        assert catalog.excluded == (Exclusion("train/3.jpg", "lies in no class folder"),)

    def test_the_data_sets_own_folder_may_lie_inside_others(self, write_files):
        root = write_files(["archive/bones/fractured/1.jpg", "archive/bones/normal/2.jpg"])
        catalog = read_catalog(root)
        assert catalog.root == root / "archive" / "bones"
        assert [item.name for item in catalog.items] == ["fractured/1.jpg", "normal/2.jpg"]

    def test_unknown_class_is_refused_by_name(self, write_files):
        with pytest.raises(DatasetError, match=r"dislocated holds 2 images \(1.jpg, 2.jpg\)"):
            read_catalog(write_files(["fractured/1.jpg", "normal/1.jpg", "dislocated/1.jpg", "dislocated/2.jpg"]))
