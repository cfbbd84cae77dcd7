"""Each check finds the fault that was planted for it, and is silent without it."""

import json
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.audit.kept import find_audit_report, keep_audit_report, write_groups_csv
from fracture_core.datasets.audit.report import AuditFinding, AuditReport
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from tests.planted import draw, encode, write_planted


def find(report: AuditReport, check: str) -> AuditFinding | None:
    return next((finding for finding in report.findings if finding.check == check), None)


PLANTED = {
    "truncated": ("train/not fractured/cut.jpg",),
    "unreadable": ("train/not fractured/text.png",),
    "unsupported": ("train/not fractured/other.bmp",),
    "stray file": ("stray.png",),
    "same bytes": ("train/fractured/d.png", "train/fractured/zz.png"),
    "same pixels": ("train/fractured/d.png", "train/fractured/zy.png", "train/fractured/zz.png"),
    "families": ("train/fractured/f-rotated1.png", "train/fractured/f-rotated2.png", "train/fractured/f.png"),
    "two labels": ("train/fractured/disputed.png", "train/not fractured/e.png"),
}


@pytest.mark.parametrize("check", PLANTED)
def test_planted_fault_is_found_by_its_names(check: str, planted: AuditReport) -> None:
    finding = find(planted, check)
    assert finding is not None and finding.names == PLANTED[check]
    assert finding.count > 0 and finding.text and finding.severity != "info"


def test_clean_set_is_told_clean(clean: AuditReport) -> None:
    assert {finding.check for finding in clean.findings if finding.severity != "info"} == {"tiny strata"}
    assert clean.n_radiographs == clean.n_readable == clean.n_groups == 24
    assert clean.pairs == () and clean.copies == {1: 24}
    assert clean.splits[0].leaks == ()
    assert clean.n_problems == 0


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


def test_groups_hold_all_copies(planted: AuditReport) -> None:
    copies = ["train/fractured/d.png", "train/fractured/zz.png", "train/fractured/zy.png", "val/fractured/leak.png"]
    assert len({planted.groups[name] for name in copies}) == 1
    assert len(set(planted.groups.values())) == planted.n_groups == 24
    # d and its three copies; f and its two; e and its mirror image.
    assert planted.copies == {1: 21, 2: 1, 3: 1, 4: 1}


def test_report_survives_json_and_is_found_again(planted: AuditReport, planted_catalog: Catalog) -> None:
    assert AuditReport.model_validate_json(planted.model_dump_json()) == planted
    keep_audit_report(planted)
    assert find_audit_report(planted_catalog) == planted


def test_damaged_or_older_report_is_made_anew(planted: AuditReport, planted_catalog: Catalog) -> None:
    path = keep_audit_report(planted)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"audit_version": 0}))
    assert find_audit_report(planted_catalog) is None
    path.write_text("{")
    assert find_audit_report(planted_catalog) is None


def test_groups_file_is_a_manifest_that_training_reads(planted: AuditReport, tmp_path: Path) -> None:
    root = write_planted(tmp_path / "again")
    write_groups_csv(root / "manifest.csv", read_catalog(root), planted)
    catalog = read_catalog(root)
    assert catalog.layout == "manifest" and len(catalog.items) == planted.n_readable
    assert {item.name: item.group for item in catalog.items} == {
        name: f"group/{group}" for name, group in planted.groups.items()
    }
    assert {item.published_split for item in catalog.items} == {"train", "val"}


def test_split_file_of_another_data_set_is_refused(planted_catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    path.write_text(json.dumps({"datasets": {"other": {"train": ["x.png"]}}}))
    with pytest.raises(DatasetError, match="divides none"):
        audit_dataset(planted_catalog, split=str(path))
    path.write_text("{}")
    with pytest.raises(DatasetError, match="cannot be read as a split"):
        audit_dataset(planted_catalog, split=str(path))


def test_table_against_folder(tmp_path: Path, state: Path) -> None:
    columns = "image_id,hand,leg,hip,shoulder,mixed,hardware,multiscan,fractured,fracture_count,frontal,lateral,oblique"
    labels = {"IMG0000001.png": 1, "IMG0000005.png": 0, "IMG0000009.png": 0, "IMG0000013.png": 1}
    root = tmp_path / "atlas"
    for number, (name, label) in enumerate(labels.items()):
        folder = root / "images" / ("Fractured" if label else "Non_fractured")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(encode(draw(700 + number, fractured=bool(label))))
    table = {"IMG0000001.png": 1, "IMG0000005.png": 0, "IMG0000009.png": 1, "IMG0000017.png": 0}
    rows = [f"{name},1,0,0,0,0,0,0,{label},{label},1,0,0" for name, label in table.items()]
    (root / "dataset.csv").write_text("\n".join([columns, *rows]))
    report = audit_dataset(read_catalog(root))
    assert find(report, "row without file").names == ("IMG0000017.png",)
    assert find(report, "file without row").names == ("images/Fractured/IMG0000013.png",)
    assert find(report, "label against folder").names == ("images/Non_fractured/IMG0000009.png",)
