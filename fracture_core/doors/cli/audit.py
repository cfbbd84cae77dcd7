"""``audit``: what is wrong with a data set, before a network learns from it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fracture_core.datasets import AuditReport

_SHOWN_NAMES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", metavar="DIR", help="a data set: folder, zip, known name, or 'phantoms'")
    parser.add_argument("--split", metavar="FILE", help="also audit this split.json, or 'random' (the paper's 90/10)")
    parser.add_argument("--groups", type=Path, metavar="FILE", help="write the groups as a manifest.csv for training")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a problem was found")
    parser.add_argument("--json", action="store_true", help="the whole report as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.datasets import audit_dataset, keep_audit_report, open_dataset, write_groups_csv
    from fracture_core.doors.cli.progress import StageBars

    catalog = open_dataset(arguments.data)
    with StageBars() as bars:
        report = audit_dataset(catalog, split=arguments.split, progress=bars)
    kept = None if arguments.split else keep_audit_report(report)  # the page shows reports without splits of one's own
    if arguments.groups:
        write_groups_csv(arguments.groups, catalog, report)
        print(f"groups written to {arguments.groups}", file=sys.stderr)
    print(report.model_dump_json()) if arguments.json else _print_report(report)
    if kept:
        print(f"kept in {kept}", file=sys.stderr)
    return 1 if arguments.strict and report.n_problems else 0


def _print_report(report: "AuditReport") -> None:
    print(f"{report.dataset}: {report.verdict.text}")
    print(
        f"  {report.n_files:,} files, {report.n_readable:,} readable, {report.n_radiographs:,} radiographs, "
        f"{report.n_groups:,} groups; {report.elapsed_s:.0f} s"
    )
    for finding in report.findings:
        print(f"  {finding.severity:<8} {finding.text}")
        if finding.remedy:
            print(f"           -> {finding.remedy}")
        if finding.names:
            more = f" and {len(finding.names) - _SHOWN_NAMES:,} more" if len(finding.names) > _SHOWN_NAMES else ""
            print(f"           {', '.join(finding.names[:_SHOWN_NAMES])}{more}")
    if report.shortcuts:
        print("  AUROC of simple numbers (0.5 is chance)")
    for shortcut in report.shortcuts:
        mark = "  <- shortcut" if shortcut.flagged else ""
        print(f"    {shortcut.name:<16} {shortcut.auroc:.2f}  [{shortcut.low:.2f}, {shortcut.high:.2f}]{mark}")
