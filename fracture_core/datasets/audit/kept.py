"""Reports kept by the data set's fingerprint, and its groups as a manifest.csv."""

import csv
import io
from pathlib import Path

from pydantic import ValidationError

from fracture_core.base import get_settings, write_atomically, write_json
from fracture_core.datasets.audit.report import AUDIT_VERSION, AuditReport
from fracture_core.datasets.layouts.items import LABELS, Catalog

_COLUMNS = ("path", "label", "group", "region", "view", "hardware", "box", "split")


def keep_audit_report(report: AuditReport) -> Path:
    """Write the report where ``find_audit_report`` looks; return where that is."""
    path = _place(report.dataset, report.fingerprint)
    write_json(path, report.model_dump(mode="json"))
    return path


def find_audit_report(catalog: Catalog) -> AuditReport | None:
    """Return the report of these very files, or None where there is none of this audit's version."""
    path = _place(catalog.name, catalog.fingerprint)
    if not path.is_file():
        return None
    try:
        report = AuditReport.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):  # of an older format, or damaged: it is made anew
        return None
    return report if report.audit_version == AUDIT_VERSION else None


def build_groups_csv(catalog: Catalog, groups: dict[str, str]) -> str:
    """Return a manifest.csv with the audit's groups: put into the data set's folder, training divides by it.

    Args:
        groups: group by file name; files without one were not readable and are left out.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _COLUMNS)
    writer.writeheader()
    for item in catalog.items:
        if item.name in groups:
            writer.writerow(
                {
                    "path": item.name,
                    "label": LABELS[item.label],
                    "group": groups[item.name],
                    "region": item.region or "",
                    "view": " ".join(item.views),
                    "hardware": "" if item.hardware is None else int(item.hardware),
                    "box": ";".join(f"{box.x:g} {box.y:g} {box.width:g} {box.height:g}" for box in item.boxes),
                    "split": item.published_split or "",
                }
            )
    return buffer.getvalue()


def write_groups_csv(path: Path, catalog: Catalog, report: AuditReport) -> None:
    """Write the groups as a manifest.csv, atomically."""
    write_atomically(path, build_groups_csv(catalog, report.groups).encode("utf-8"))


def _place(dataset: str, fingerprint: str) -> Path:
    return get_settings().state_dir / "audits" / f"{dataset}-{fingerprint[:16]}.json"
