"""Evidence made by hand, and how a finding is looked up."""

from pathlib import Path

import numpy as np

from fracture_core.datasets.audit.evidence import Evidence, FileFacts
from fracture_core.datasets.audit.report import AuditFinding, AuditReport
from fracture_core.datasets.layouts.items import Catalog, DatasetItem, Exclusion

PLAIN = FileFacts("", "", 1000, "PNG", 100, 100, 0.3, 0.2, 0.1, 0.0)


def make_evidence(
    labels: list[int],
    facts: list[FileFacts] | None = None,
    *,
    groups: list[str] | None = None,
    hardware: list[bool] | None = None,
    excluded: tuple[Exclusion, ...] = (),
) -> Evidence:
    names = [f"IMG{number:05}.png" for number in range(len(labels))]
    items = tuple(
        DatasetItem(Path(name), name, label, groups[n] if groups else name, hardware=hardware[n] if hardware else None)
        for n, (name, label) in enumerate(zip(names, labels, strict=True))
    )
    catalog = Catalog("made", Path(), "manifest", items, excluded)
    return Evidence(catalog, items, {}, tuple(facts or [PLAIN] * len(items)), tuple(names), tuple(names), ())


def change(**values: object) -> FileFacts:
    return FileFacts(**(vars(PLAIN) | values))


COIN = np.random.default_rng(0).integers(0, 2, 300).tolist()


def find(report: AuditReport, check: str) -> AuditFinding | None:
    return next((finding for finding in report.findings if finding.check == check), None)
