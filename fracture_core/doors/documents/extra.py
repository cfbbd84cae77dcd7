"""Figures that were measured outside of a checkpoint's own evaluation: ``docs/figures/*.json``.

A file is an evaluation (``evaluate --json``), several of them (``evaluation.json``), an audit
(``audit --json``), or any JSON object: its single values become one table, its lists of objects a
table each; "title" and "mark" are its heading.
"""

from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from fracture_core.base import DatasetError
from fracture_core.datasets import AuditReport
from fracture_core.doors.documents.markdown import build_document, build_table
from fracture_core.evaluation import Evaluation, EvaluationFile
from fracture_core.networks import read_checkpoint_json

MOST_ROWS = 60


class Extra(NamedTuple):
    """What the files hold: evaluations, and other objects by file name, as JSON."""

    evaluations: tuple[Evaluation, ...]
    objects: dict[str, dict[str, Any]]


def read_extra(directory: Path) -> Extra:
    """Return the figures of a folder; none if it is not there.

    Raises:
        CheckpointDamagedError: a file is not JSON.
    """
    evaluations: list[Evaluation] = []
    objects: dict[str, dict[str, Any]] = {}
    for path in sorted(directory.glob("*.json")):
        value = read_checkpoint_json(path)
        found = _read_evaluations(value)
        evaluations += found
        if not found:
            objects[path.name] = value if isinstance(value, dict) else {"rows": value}
    return Extra(tuple(evaluations), objects)


def build_object(file_name: str, value: dict[str, Any]) -> str:
    """Return one file's figures under its title; every table says its mark."""
    if "audit_version" in value:
        return build_audit(_read_audit(value, file_name), file_name)
    title = str(value.get("title", file_name.removesuffix(".json").replace("-", " ").capitalize()))
    mark = f" {value['mark']}" if value.get("mark") else ""
    single = _flatten({key: each for key, each in value.items() if key not in ("title", "mark")})
    tables = {key: rows for key, rows in single.items() if isinstance(rows, list)}
    plain = [[key, _word(each)] for key, each in single.items() if key not in tables]
    parts = [f"### {title}{mark}", f"From `docs/figures/{file_name}`."]
    parts.append(build_table(("", f"Figure{mark}"), plain[:MOST_ROWS]) if plain else "")
    for key, rows in tables.items():
        parts += [f"{key.capitalize()}{mark}:", _build_rows(rows)]
    return build_document(parts).rstrip()


def _read_audit(value: dict[str, Any], file_name: str) -> AuditReport:
    try:
        return AuditReport.model_validate(value)
    except ValidationError as error:
        raise DatasetError(
            f"docs/figures/{file_name} is no audit that this version understands.",
            f"Write it anew: python -m fracture_core audit {value.get('dataset', 'DIR')} --json.",
        ) from error


def _read_evaluations(value: Any) -> list[Evaluation]:
    if isinstance(value, dict) and "predictions" in value:
        value = {key: each for key, each in value.items() if key != "mark"}  # ``evaluate --json`` adds it
    for record in (EvaluationFile, Evaluation):
        try:
            read = record.model_validate(value)
        except ValidationError:
            continue
        return list(read.evaluations) if isinstance(read, EvaluationFile) else [read]
    return []


def _flatten(value: dict[str, Any], lead: str = "") -> dict[str, Any]:
    """Join the keys of objects in objects; lists of objects stay lists, other lists become text."""
    flat: dict[str, Any] = {}
    for key, each in value.items():
        if isinstance(each, dict):
            flat |= _flatten(each, f"{lead}{key} ")
        elif isinstance(each, list) and not (each and all(isinstance(row, dict) for row in each)):
            flat[lead + key] = ", ".join(map(_word, each[:MOST_ROWS]))
        else:
            flat[lead + key] = each
    return flat


def _build_rows(rows: list[dict[str, Any]]) -> str:
    flat = [_flatten(row) for row in rows]
    head = list(dict.fromkeys(key for row in flat for key in row))
    table = build_table(head, [[_word(row.get(key, "")) for key in head] for row in flat[:MOST_ROWS]])
    return table + (f"\n\n{len(flat) - MOST_ROWS} more rows in the file." if len(flat) > MOST_ROWS else "")


def _word(value: object) -> str:
    if isinstance(value, list):  # objects in a row of a table
        return f"{len(value)} in the file"
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)


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
