"""read_catalog: every layout, and every way a folder can be wrong."""

import json
from collections import Counter
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import LABELS, Box, Exclusion

FRACATLAS_HEADER = (
    "image_id,hand,leg,hip,shoulder,mixed,hardware,multiscan,fractured,fracture_count,frontal,lateral,oblique"
)


NOT_THERE = r"5 of the 7 files that manifest.csv names are not there \(3.png, 4.png, 5.png and 2 more\)"


def write_fracatlas(root: Path, rows: list[str], files: list[str]) -> Path:
    for name in files:
        (root / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "images" / name).write_bytes(b"x")
    (root / "dataset.csv").write_text("\n".join([FRACATLAS_HEADER, *rows]) + "\n")
    return root


def write_manifest(root: Path, lines: list[str], files: list[str]) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


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


class TestFracAtlas:
    def test_rows_become_items(self, tmp_path):
        rows = [
            "IMG0000001.jpg,1,0,0,0,0,1,0,1,1,1,0,1",
            "IMG0000002.jpg,1,1,0,0,1,0,0,0,0,0,1,0",
            "IMG0000003.jpg,0,1,1,0,0,0,0,0,0,0,0,0",
        ]
        files = ["Fractured/IMG0000001.jpg", "Non_fractured/IMG0000002.jpg", "Non_fractured/IMG0000003.jpg"]
        root = write_fracatlas(tmp_path, rows, files)
        annotations = root / "Annotations" / "COCO JSON"
        annotations.mkdir(parents=True)
        (annotations / "COCO_fracture_masks.json").write_text(
            json.dumps(
                {
                    "images": [{"id": 7, "file_name": "IMG0000001.jpg"}],
                    "annotations": [{"image_id": 7, "bbox": [1, 2, 30.5, 4]}, {"image_id": 7, "bbox": [5, 6, 7, 8]}],
                }
            )
        )
        fractured, mixed, two_regions = read_catalog(root).items
        assert (fractured.label, fractured.region, fractured.hardware) == (1, "hand", True)
        assert fractured.views == ("frontal", "oblique")
        assert fractured.boxes == (Box(1, 2, 30.5, 4), Box(5, 6, 7, 8))
        assert (mixed.region, mixed.boxes) == ("mixed", ())
        assert two_regions.region == "mixed"

    def test_runs_of_ids_with_one_region_are_groups_whatever_the_label(self, tmp_path):
        # 1-2-3 are one exam though 2 is fractured and 3 is left out; 4 is a hip; 6 follows a gap; 8 again.
        rows = [f"IMG000000{n}.jpg,0,1,0,0,0,0,0,{int(n == 2)},0,1,0,0" for n in (1, 2, 3, 6, 7)]
        rows += ["IMG0000004.jpg,0,0,1,0,0,0,0,0,0,1,0,0", "IMG0000008.jpg,0,1,0,0,0,0,0,0,0,1,0,0"]
        files = [f"{'Fractured' if n in (2, 7) else 'Non_fractured'}/IMG000000{n}.jpg" for n in (1, 2, 4, 6, 7, 8)]
        catalog = read_catalog(write_fracatlas(tmp_path, rows, files))
        groups = {int(item.path.stem[-1]): item.group for item in catalog.items}
        assert groups == {
            1: "leg/IMG0000001",
            2: "leg/IMG0000001",
            4: "hip/IMG0000004",
            6: "leg/IMG0000006",
            8: "leg/IMG0000006",
        }

    def test_what_does_not_fit_is_left_out_with_a_reason(self, tmp_path):
        rows = [
            "IMG0000001.jpg,1,0,0,0,0,0,0,1,1,1,0,0",
            "IMG0000002.jpg,1,0,0,0,0,0,0,0,0,1,0,0",
            "IMG0000003.jpg,1,0,0,0,0,0,0,0,0,1,0,0",
            "IMG0000004.jpg,1,0,0,0,0,0,0,0,0,1,0,0",
            "IMG0000006.jpg,1,0,0,0,0,0,0,2,0,1,0,0",
        ]
        files = ["Fractured/IMG0000001.jpg", "Non_fractured/IMG0000002.jpg", "Fractured/IMG0000003.jpg"]
        files += ["Non_fractured/IMG0000005.jpg", "Fractured/IMG0000006.jpg"]
        catalog = read_catalog(write_fracatlas(tmp_path, rows, files))
        assert len(catalog.items) == 2
        assert catalog.excluded == (
            Exclusion("IMG0000004.jpg", "in dataset.csv but the file is missing"),
            Exclusion("images/Fractured/IMG0000003.jpg", "lies in Fractured but dataset.csv says not fractured"),
            Exclusion("images/Fractured/IMG0000006.jpg", "dataset.csv has '2' for fractured, neither 0 nor 1"),
            Exclusion("images/Non_fractured/IMG0000005.jpg", "has no row in dataset.csv"),
        )

    def test_bad_tables_are_refused(self, tmp_path):
        root = write_fracatlas(tmp_path, ["IMG0000001.jpg,1,0,0,0,0,0,0,1,1,1,0,0"], ["Fractured/IMG0000001.jpg"])
        boxes = root / "Annotations" / "COCO JSON" / "COCO_fracture_masks.json"
        boxes.parent.mkdir(parents=True)
        boxes.write_text('{"images": []')
        with pytest.raises(DatasetError, match="is not a COCO file"):
            read_catalog(root)
        (root / "dataset.csv").write_text("image_id,hand,leg\n")
        with pytest.raises(DatasetError, match=r"dataset.csv lacks 8 columns: hip, shoulder, mixed and 5 more"):
            read_catalog(root)


class TestManifest:
    def test_all_columns(self, tmp_path):
        lines = [
            "path,label,patient,exam,region,view,hardware,box,split",
            "a/1.png,1,p1,e0,wrist,frontal lateral,1,1 2 3 4;5 6 7 8.5,train",
            "a/2.png,not fractured,,e1,,,,,Validation",
            "a/3-rotated1.png,0,,,,,no,,",
        ]
        root = write_manifest(tmp_path, lines, ["a/1.png", "a/2.png", "a/3-rotated1.png"])
        first, second, third = read_catalog(root).items
        assert (first.label, first.group, first.region, first.hardware) == (1, "patient/p1", "wrist", True)
        assert first.views == ("frontal", "lateral")
        assert first.boxes == (Box(1, 2, 3, 4), Box(5, 6, 7, 8.5))
        assert first.published_split == "train"
        assert (second.label, second.group, second.hardware, second.published_split) == (0, "exam/e1", None, "val")
        assert (third.group, third.hardware, third.published_split, third.region) == ("a/3", False, None, None)

    @pytest.mark.parametrize(
        ("lines", "message"),
        [
            (["path,region", "1.png,hip"], "lacks 1 columns: label"),
            (["path,label", "1.png,1", "2.png,maybe"], r"1 rows with a bad label \(2.png: 'maybe'\)"),
            (["path,label,box", "1.png,1,1 2 3", "2.png,0,"], "1 rows with a bad box"),
            (["path,label,hardware", "1.png,1,perhaps", "2.png,0,"], "1 rows with a bad hardware"),
            (["path,label,split", "1.png,1,holdout", "2.png,0,"], "1 rows with a bad split"),
            (["path,label", "1.png,1", "./1.png,0"], r"names 1 files more than once \(1.png\)"),
            (["path,label,box", "1.png,1,1 2 nan 4", "2.png,0,"], "1 rows with a bad box"),
            (["path,label", ",1", "2.png,0"], "1 rows with a bad path"),
            (["path,label", "1\0.png,1", "2.png,0"], "1 rows with a bad path"),
            (["path,label,label", "1.png,1,0", "2.png,0,0"], "has 1 columns twice: label"),
            (["path,label", "1.png,1", "2.png,1"], "All 2 images in .* are fractured"),
            (["path,label"], "holds no images"),
            (["path,label", "1.png,1", "2.png,0", *(f"{n}.png,0" for n in range(3, 8))], NOT_THERE),
            (["path,label", "1.png,1", "../secret.png,0"], r"names 1 files outside its own folder \(../secret.png\)"),
            (["path,label", "1.png,1", "/etc/hostname,0"], r"names 1 files outside its own folder \(/etc/hostname\)"),
        ],
    )
    def test_bad_manifests_are_refused(self, tmp_path, lines, message):
        with pytest.raises(DatasetError, match=message):
            read_catalog(write_manifest(tmp_path, lines, ["1.png", "2.png"]))

    def test_an_exam_keeps_its_patient_where_a_row_tells_the_exam_alone(self, tmp_path):
        lines = [
            "path,label,patient,exam",
            "1.png,1,p1,e1",
            "2.png,0,,e1",
            "3.png,0,p1,e2",
            "4.png,0,p2,e2",
            "5.png,0,,e2",
        ]
        items = read_catalog(write_manifest(tmp_path, lines, [f"{n}.png" for n in range(1, 6)])).items
        assert [item.group for item in items] == ["patient/p1", "patient/p1", "patient/p1", "patient/p2", "exam/e2"]

    def test_tables_as_spreadsheets_on_windows_write_them(self, tmp_path):
        lines = ["\ufeffPath; LABEL ;patient", "a\\1.png;Fractured;7", "a\\2.png;Normal;8", ";;"]
        first, second = read_catalog(write_manifest(tmp_path, lines, ["a/1.png", "a/2.png"])).items
        assert (first.name, first.label, first.group) == ("a/1.png", 1, "patient/7")
        assert (second.name, second.label, second.group) == ("a/2.png", 0, "patient/8")

    def test_not_utf8_is_refused(self, tmp_path):
        (tmp_path / "manifest.csv").write_bytes(b"path,label\n\xff\xfe.png,1\n")
        with pytest.raises(DatasetError, match=r"manifest.csv cannot be read"):
            read_catalog(tmp_path)


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


class TestFingerprint:
    def test_is_stable_and_sees_names_and_sizes(self, write_files):
        root = write_files(["fractured/1.jpg", "normal/2.jpg"])
        first = read_catalog(root).fingerprint
        assert read_catalog(root).fingerprint == first
        (root / "fractured" / "1.jpg").write_bytes(b"longer than it was before")
        resized = read_catalog(root).fingerprint
        (root / "normal" / "2.jpg").rename(root / "normal" / "3.jpg")
        renamed = read_catalog(root).fingerprint
        assert len({first, resized, renamed}) == 3

    def test_sees_a_label_that_changes_in_the_table_alone(self, tmp_path):
        root = write_manifest(tmp_path, ["path,label", "1.png,1", "2.png,0"], ["1.png", "2.png"])
        first = read_catalog(root).fingerprint
        (root / "manifest.csv").write_text("path,label\n1.png,0\n2.png,1\n")
        assert read_catalog(root).fingerprint != first

    def test_file_gone(self, write_files):
        root = write_files(["fractured/1.jpg", "normal/2.jpg"])
        catalog = read_catalog(root)
        (root / "normal" / "2.jpg").unlink()
        with pytest.raises(DatasetError, match=r"normal/2.jpg can no longer be read"):
            _ = catalog.fingerprint


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
