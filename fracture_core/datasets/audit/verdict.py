"""The end of an audit in plain words."""

from collections.abc import Sequence

from fracture_core.datasets.audit.report import AuditFinding, AuditVerdict, SplitAudit
from fracture_core.datasets.audit.splits import PUBLISHED

_NEED_GROUPS = ("same bytes", "same pixels", "near copies", "families", "neighbouring ids")


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
