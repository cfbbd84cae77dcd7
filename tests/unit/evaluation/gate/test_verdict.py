"""Better, not worse, worse: told by intervals, on radiographs that both have read."""

from fracture_core.base.files import write_json
from fracture_core.base.settings import Settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from tests.gate_world import make_model
from tests.tiny_world import make_checkpoint


def test_worse_by_auroc(machine: Settings, champion: Checkpoint) -> None:
    report = build_gate_report(make_model(machine.checkpoints_dir / "bad", seed=3, skill=-1), champion)
    side = report.frozen[0]
    assert report.verdict.level == "worse" and report.verdict.needs_force
    assert side.comparison.auroc_difference.high < 0
    assert "AUROC 0.22 against 0.89" in report.verdict.sentences[1]
    assert side.comparison.n == 24 and side.fingerprint == champion.manifest.data[0].fingerprint


def test_better_and_the_other_way_round(machine: Settings) -> None:
    weak = make_model(machine.checkpoints_dir / "default", seed=3, skill=-1)
    strong = make_model(machine.checkpoints_dir / "strong", seed=2, skill=6)
    report = build_gate_report(strong, weak)
    assert report.verdict.level == "better" and not report.verdict.needs_force
    assert report.frozen[0].comparison.auroc_difference.low > 0
    assert build_gate_report(weak, strong).verdict.level == "worse"


def test_what_chance_explains_is_not_worse(machine: Settings, champion: Checkpoint) -> None:
    report = build_gate_report(make_model(machine.checkpoints_dir / "alike", seed=5, skill=1.0), champion)
    difference = report.frozen[0].comparison.auroc_difference
    assert difference.low < 0 < difference.high
    assert report.verdict.level == "not worse"
    assert any("cannot be ruled out" in sentence for sentence in report.verdict.sentences)


def test_missed_fractures_are_worse_though_the_auroc_stays(machine: Settings, champion: Checkpoint) -> None:
    """The same probabilities, called from a higher threshold on: no fracture is called any more."""
    shy = make_model(machine.checkpoints_dir / "shy", seed=1, skill=1.0, threshold=0.999)
    make_checkpoint(machine.checkpoints_dir / "seeded", seed=9)
    shy = replace_weights(shy, find_checkpoint("seeded"))
    report = build_gate_report(shy, champion)
    side = report.frozen[0]
    assert side.comparison.auroc_difference.value == 0
    assert side.sensitivity_difference.value == -side.champion["sensitivity"].value
    assert side.specificity_difference.value > 0
    assert report.verdict.level == "worse"
    assert report.verdict.sentences[0].startswith("It misses more fractures than the model in use")
    assert ": Sensitivity at the operating point 0.00 against" in report.verdict.sentences[1]


def replace_weights(checkpoint: Checkpoint, other: Checkpoint) -> Checkpoint:
    """Give a checkpoint the weights of another, so that it is another model with the same figures."""
    sha256 = other.manifest.weights_sha256
    evaluation = checkpoint.evaluation_path.read_text().replace(checkpoint.manifest.weights_sha256, sha256)
    checkpoint.evaluation_path.write_text(evaluation)
    manifest = checkpoint.manifest.model_copy(update={"weights_sha256": sha256})
    write_json(checkpoint.directory / "manifest.json", manifest.model_dump(mode="json"))
    weights = (other.directory / "model.safetensors").read_bytes()
    (checkpoint.directory / "model.safetensors").write_bytes(weights)
    return find_checkpoint(checkpoint.name)


def test_regions_and_disputed_radiographs_are_both_models(machine: Settings, champion: Checkpoint) -> None:
    report = build_gate_report(make_model(machine.checkpoints_dir / "other", seed=7, skill=1), champion)
    side = report.frozen[0]
    assert [(part.kind, part.name, part.n) for part in side.parts] == [("region", "hand", 14), ("region", "leg", 10)]
    assert all(part.champion["auroc"].n == part.candidate["auroc"].n == part.n for part in side.parts)
    ways = [item.candidate_is_right for item in side.disputed]
    assert (ways.count(False), ways.count(True)) == (
        side.comparison.mcnemar.only_first,
        side.comparison.mcnemar.only_second,
    )
    assert ways.count(True) > 0 and ways.count(False) > 0
    for item in side.disputed:
        is_called = item.p_candidate >= side.candidate_threshold
        assert (is_called == bool(item.label)) == item.candidate_is_right


def test_too_few_radiographs_prove_nothing(machine: Settings, drawn_sides: dict[str, tuple[str, ...]]) -> None:
    sides = drawn_sides | {"test": drawn_sides["test"][:8]}
    few = make_model(machine.checkpoints_dir / "default", seed=1, skill=1, sides=sides)
    report = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6, sides=sides), few)
    assert report.verdict.level == "unproven"
    assert "4 groups hold fractures and 4 none, and 5 of each are the least" in report.verdict.sentences[1]
