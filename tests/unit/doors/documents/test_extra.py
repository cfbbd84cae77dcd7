"""Figures measured elsewhere, and audits without file names."""

import json
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.doors.documents.write import build_documents
from fracture_core.evaluation.records import Evaluation


def test_figures_of_other_measurements(own_settings: Settings, shipped: list[Evaluation], tmp_path: Path) -> None:
    one = {"title": "Cross-validation", "mark": "AS PUBLISHED", "n": 7, "folds": [{"fold": 1, "auroc": 0.512345}]}
    (tmp_path / "cross-validation.json").write_text(json.dumps(one), encoding="utf-8")
    published = shipped[1].model_copy(update={"checkpoint": "repeated-protocol", "predictions": ()})
    (tmp_path / "paper.json").write_text(
        json.dumps({"mark": published.mark, **published.model_dump(mode="json")}), encoding="utf-8"
    )
    results = build_documents(own_settings, tmp_path)["results.md"]
    protocol = results[results.index("## The paper's protocol") :]
    assert "### Cross-validation AS PUBLISHED" in protocol and "| 1 | 0.5123 |" in protocol
    assert "| repeated-protocol | paper, test (AS PUBLISHED: leaks 2 radiographs" in results


def test_audits_are_told_without_file_names(
    own_settings: Settings, shipped: list[Evaluation], images: LabelledImages, tmp_path: Path
) -> None:
    report = audit_dataset(read_catalog(tmp_path / "drawn"))
    (tmp_path / "audit-drawn.json").write_text(report.model_dump_json(), encoding="utf-8")
    results = build_documents(own_settings, tmp_path)["results.md"]
    assert "### Audit of drawn" in results and report.verdict.text in results
    assert all(finding.text in results for finding in report.findings)
    (tmp_path / "audit-drawn.json").write_text('{"audit_version": 1}', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"audit-drawn.json"):
        build_documents(own_settings, tmp_path)
