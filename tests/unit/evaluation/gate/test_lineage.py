"""What forebears learned counts as learned."""

from fracture_core.base.settings import Settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.networks.checkpoints import Checkpoint
from tests.gate_world import make_model
from tests.unit.evaluation.gate.test_leaks import Sides


def test_what_a_forebear_learned_counts(machine: Settings, champion: Checkpoint, drawn_sides: Sides) -> None:
    sides = drawn_sides | {"train": drawn_sides["test"][:2]}
    make_model(machine.checkpoints_dir / "elder", seed=4, skill=1, sides=sides)
    new = make_model(
        machine.checkpoints_dir / "new", seed=2, skill=6, recipe={"initial": "elder", "teacher": "default"}
    )
    report = build_gate_report(new, champion)
    assert report.verdict.level == "leaks" and len(report.leak_check.leaks) == 2


def test_forebear_that_has_gone_leaves_it_unproven(machine: Settings, champion: Checkpoint) -> None:
    for seed, recipe in ((2, {"initial": "imagenet"}), (3, {"initial": "gone"})):
        new = make_model(machine.checkpoints_dir / f"new{seed}", seed=seed, skill=6, recipe=recipe)
        report = build_gate_report(new, champion)
        assert (report.verdict.level == "unproven") == (recipe["initial"] == "gone")
    assert "started from the weights of 'gone', which is no longer" in report.verdict.sentences[1]
