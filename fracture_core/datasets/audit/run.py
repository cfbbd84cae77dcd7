"""One audit from a data set to its report."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain

from fracture_core.base import StageProgress
from fracture_core.datasets.audit.copies import check_exact, check_families, check_near, check_two_labels, list_pairs
from fracture_core.datasets.audit.evidence import Evidence, gather_evidence
from fracture_core.datasets.audit.files import check_readable, check_tables, check_unsupported
from fracture_core.datasets.audit.neighbours import check_neighbours, measure_neighbours
from fracture_core.datasets.audit.report import (
    AUDIT_VERSION,
    AuditFinding,
    AuditReport,
    AuditVerdict,
    SplitAudit,
)
from fracture_core.datasets.audit.shortcuts import check_shortcuts, measure_shortcuts
from fracture_core.datasets.audit.splits import PUBLISHED, audit_splits, check_splits
from fracture_core.datasets.audit.strata import check_strata, count_strata
from fracture_core.datasets.layouts.items import Catalog

_ORDER = {"problem": 0, "warning": 1, "info": 2}
_NEED_GROUPS = ("same bytes", "same pixels", "near copies", "families", "neighbouring ids")


def audit_dataset(catalog: Catalog, *, split: str | None = None, progress: StageProgress | None = None) -> AuditReport:
    """Look for everything that would make figures measured on a data set wrong.

    Args:
        catalog: from ``open_dataset``.
        split: beside the published one: "random", or the path of a ``split.json``.
        progress: called with what is being done, files done and files in all.

    Raises:
        DatasetError: no file can be read, or the split is of another data set.
    """
    progress = progress or (lambda what, done, total: None)
    started_s = time.perf_counter()
    evidence = gather_evidence(catalog, progress)
    report = _write_report(evidence, split, progress)
    return report.model_copy(update={"elapsed_s": round(time.perf_counter() - started_s, 1)})


def _write_report(evidence: Evidence, split: str | None, progress: StageProgress) -> AuditReport:
    progress("Looking for shortcuts", 0, 1)
    strata, shortcuts = count_strata(evidence), measure_shortcuts(evidence)
    splits, neighbours = audit_splits(evidence, split), measure_neighbours(evidence)
    progress("Looking for shortcuts", 1, 1)
    found = chain(
        check_splits(splits),
        check_two_labels(evidence),
        check_families(evidence),
        check_exact(evidence),
        check_near(evidence),
        check_shortcuts(evidence, shortcuts),
        check_neighbours(evidence, neighbours),
        check_readable(evidence),
        check_unsupported(evidence),
        check_tables(evidence),
        check_strata(evidence, strata),
    )
    findings: list[AuditFinding] = sorted(found, key=lambda finding: _ORDER[finding.severity])
    files, sizes = evidence.items, Counter(evidence.radiographs)
    return AuditReport(
        audit_version=AUDIT_VERSION,
        dataset=evidence.catalog.name,
        fingerprint=evidence.catalog.fingerprint,
        layout=evidence.catalog.layout,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        elapsed_s=0.0,
        n_files=len(evidence.catalog.items),
        n_readable=len(files),
        n_radiographs=len(sizes),
        n_groups=len(set(evidence.groups)),
        verdict=reach_verdict(findings, splits, len(files), len(sizes)),
        findings=tuple(findings),
        copies=dict(sorted(Counter(sizes.values()).items())),
        pairs=list_pairs(evidence),
        strata=strata,
        shortcuts=shortcuts,
        splits=splits,
        neighbours=neighbours,
        radiographs={
            item.name: radiograph
            for item, radiograph in zip(files, evidence.radiographs, strict=True)
            if sizes[radiograph] > 1
        },
        groups={item.name: item.group for item in files},
    )


def reach_verdict(
    findings: Sequence[AuditFinding], splits: Sequence[SplitAudit], n_files: int, n_radiographs: int
) -> AuditVerdict:
    """Return how the data set can be used, and why."""
    leaks = [leak for split in splits if split.name == PUBLISHED for leak in split.leaks if leak.kind == "radiograph"]
    reasons = tuple(finding.text for finding in findings if finding.severity != "info")
    if leaks or n_files > 3 * n_radiographs:
        why = " and ".join(
            ["its published split has radiographs on both sides"] * bool(leaks)
            + [f"its {n_files:,} files are copies of {n_radiographs:,} radiographs"] * (n_files > 3 * n_radiographs)
        )
        text = f"Not usable as published: {why}. Divide it by group, and count radiographs instead of files."
        return AuditVerdict(level="not as published", text=text, reasons=reasons)
    if not reasons and not any(finding.check in _NEED_GROUPS for finding in findings):
        return AuditVerdict(level="clean", text="No problem found.", reasons=())
    if any(finding.check in _NEED_GROUPS for finding in findings):
        text = "Usable with group-safe splitting: a random split would put one radiograph or exam on both sides."
    else:
        text = "Usable with care: see what was found."
    if any(finding.severity == "problem" for finding in findings):
        text += " Mind the problems below first."
    return AuditVerdict(level="with care", text=text, reasons=reasons)
