"""What the audit of a data set found, for ``results.md``: counts and findings, no file names."""

from fracture_core.datasets import AuditReport
from fracture_core.doors.reporting.markdown import build_document, build_table


def build_audit(report: AuditReport, file_name: str) -> str:
    """Return verdict, counts, findings, and how well simple numbers tell the label."""
    counts = (
        f"{report.n_files:,} files, {report.n_readable:,} readable, {report.n_radiographs:,} radiographs, "
        f"{report.n_groups:,} groups. From `docs/figures/{file_name}`, which "
        f"`python -m fracture_core audit {report.dataset} --json` printed."
    )
    findings = [[finding.severity, f"{finding.count:,}", finding.text] for finding in report.findings]
    shortcuts = [
        [
            each.name,
            f"{each.auroc:.3f} [{each.low:.3f}, {each.high:.3f}]",
            f"{each.n_groups:,}",
            "yes" if each.flagged else "no",
        ]
        for each in report.shortcuts
    ]
    parts = [f"### Audit of {report.dataset}", report.verdict.text, counts]
    parts.append(build_table(("Severity", "Count", "Finding"), findings) if findings else "")
    if shortcuts:
        parts.append("How well a simple number tells the label, without a look at the bone (0.5 is chance):")
        parts.append(build_table(("Number", "AUROC", "Groups", "A shortcut"), shortcuts))
    return build_document(parts).rstrip()
