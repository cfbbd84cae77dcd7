"""A gate's report is kept by the pair of weights, and replaced by a later one."""

from fracture_core.base.settings import Settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.keep import find_gate_report, keep_gate_report
from fracture_core.evaluation.gate.report import GateReport, GateVerdict
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.training.runs.run import get_utc_now
from tests.gate_world import make_model
from tests.tiny_world import make_checkpoint


def test_report_is_kept_in_either_database_and_replaces_the_one_before(either_database: Settings) -> None:
    new = make_checkpoint(either_database.checkpoints_dir / "new")
    report = GateReport(
        candidate="new",
        candidate_sha256=new.manifest.weights_sha256,
        champion="default",
        champion_sha256="",
        made_at=get_utc_now(),
        verdict=GateVerdict(level="unproven", sentences=("It cannot be told: 5 < 6 − 0.",)),
    )
    for level in ("unproven", "worse"):
        report = report.model_copy(update={"verdict": report.verdict.model_copy(update={"level": level})})
        keep_gate_report(report)
        assert find_gate_report(new, None) == report


def test_report_is_recalled_by_the_pair_of_weights(machine: Settings, champion: Checkpoint) -> None:
    new, other = (make_model(machine.checkpoints_dir / f"new{seed}", seed=seed, skill=6) for seed in (2, 3))
    report = build_gate_report(new, champion)
    assert find_gate_report(new, champion) == report
    assert find_gate_report(champion, new) is find_gate_report(other, champion) is find_gate_report(new, None) is None
    keep_gate_report(report.model_copy(update={"version": 0}))
    assert find_gate_report(new, champion) is None  # of another way to reach a verdict
