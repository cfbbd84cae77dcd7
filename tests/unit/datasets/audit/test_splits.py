"""What leaks over a split: published, random, or in a file."""

import json
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.audit.report import AuditReport
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.datasets.layouts.items import Catalog
from tests.unit.datasets.audit.made import find


def test_published_split_leaks_the_turned_copy(planted: AuditReport) -> None:
    published = planted.splits[0]
    leak = next(leak for leak in published.leaks if leak.kind == "radiograph")
    assert leak.examples["val"] == "val/fractured/leak.png" and leak.files == {"train": 3, "val": 1}
    assert published.leaking_files == 1
    assert find(planted, "leak, published split").severity == "problem"
    assert planted.verdict.level == "not as published"


def test_random_split_is_audited_when_asked(planted: AuditReport) -> None:
    assert [split.name for split in planted.splits] == ["published", "random"]
    assert sum(planted.splits[1].files.values()) == planted.n_readable


def test_split_file_of_another_data_set_is_refused(planted_catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    path.write_text(json.dumps({"datasets": {"other": {"train": ["x.png"]}}}))
    with pytest.raises(DatasetError, match="divides none"):
        audit_dataset(planted_catalog, split=str(path))
    path.write_text("{}")
    with pytest.raises(DatasetError, match="cannot be read as a split"):
        audit_dataset(planted_catalog, split=str(path))
