"""FracAtlas's table, folders and boxes."""

import json

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Box, Exclusion
from tests.unit.datasets.folders import write_fracatlas


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
