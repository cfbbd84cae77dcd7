"""The fingerprint of a catalog sees names, labels and sizes."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from tests.unit.datasets.folders import write_manifest


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
