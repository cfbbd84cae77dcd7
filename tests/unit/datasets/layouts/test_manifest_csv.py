"""manifest.csv: columns, groups, and every way a row can be wrong."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Box
from tests.unit.datasets.folders import write_manifest

NOT_THERE = r"5 of the 7 files that manifest.csv names are not there \(3.png, 4.png, 5.png and 2 more\)"


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
