"""From two checkpoints to a report: who is compared, and when nothing can be proven."""

import pytest

from fracture_core.base.errors import PromotionError
from fracture_core.base.settings import Settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.gate.keep import find_gate_report
from fracture_core.networks.checkpoints import Checkpoint
from tests.gate_world import make_model


def test_the_model_in_use_is_no_candidate(machine: Settings, champion: Checkpoint) -> None:
    with pytest.raises(PromotionError, match="'default' is the model in use already"):
        build_gate_report(champion, find_champion())


def test_without_a_model_in_use_nothing_is_proven(machine: Settings) -> None:
    first = make_model(machine.checkpoints_dir / "first", seed=2, skill=6)
    report = build_gate_report(first, find_champion())
    assert (report.verdict.level, report.champion, report.champion_sha256) == ("unproven", "default", "")
    assert "nothing to compare it with: There is no checkpoint called 'default'" in report.verdict.sentences[1]
    assert find_gate_report(first, None) == report


def test_model_in_use_without_figures_proves_nothing(machine: Settings) -> None:
    untested = make_model(machine.checkpoints_dir / "default", seed=1, skill=1, tested=False)
    report = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6), untested)
    assert report.verdict.level == "unproven" and "no figures of test radiographs" in report.verdict.sentences[1]
    assert len(report.own) == 1  # the candidate's own test side is measured all the same


def test_candidate_without_test_radiographs_is_read_on_the_others(machine: Settings, champion: Checkpoint) -> None:
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, tested=False)
    stages: list[str] = []
    report = build_gate_report(new, champion, progress=lambda what, done, total: stages.append(what))
    assert "Reading with new" in stages and "Reading with default" not in stages
    assert report.frozen[0].comparison.n == 24
    assert report.remarks == ("'new' has no test radiographs of its own.",)
