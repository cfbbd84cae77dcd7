"""Reports of the gate, kept in the database by the pair of weights they are about."""

from pydantic import ValidationError

from fracture_core.evaluation.gate.report import GATE_VERSION, GateReport
from fracture_core.networks import Checkpoint
from fracture_core.store import GateRow, reading_session, writing_session


def keep_gate_report(report: GateReport) -> None:
    """Keep a report in place of an earlier one of the same pair.

    Raises:
        StoreError: the database cannot be used.
    """
    row = GateRow(
        candidate_sha256=report.candidate_sha256,
        champion_sha256=report.champion_sha256,
        candidate=report.candidate,
        champion=report.champion,
        made_at=report.made_at,
        report=report.model_dump(mode="json"),
    )
    with writing_session() as session:
        session.merge(row)


def find_gate_report(candidate: Checkpoint, champion: Checkpoint | None) -> GateReport | None:
    """Return the report of this very pair, or None where there is none of this gate's version.

    Args:
        champion: None where the model in use is not on this machine.

    Raises:
        StoreError: the database cannot be used.
    """
    pair = (candidate.manifest.weights_sha256, champion.manifest.weights_sha256 if champion else "")
    with reading_session() as session:
        row = session.get(GateRow, pair)
        kept = row.report if row else None
    try:
        report = GateReport.model_validate(kept) if kept else None
    except ValidationError:  # of an older format: it is made anew
        return None
    return report if report and report.version == GATE_VERSION else None
