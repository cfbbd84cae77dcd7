"""Reports are found again by the very files they are of; groups become a manifest.csv."""

import json
from pathlib import Path

from fracture_core.datasets.audit.kept import find_audit_report, keep_audit_report, write_groups_csv
from fracture_core.datasets.audit.report import AuditReport
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from tests.planted import write_planted


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
