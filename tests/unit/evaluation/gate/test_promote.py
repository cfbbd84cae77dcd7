"""Promoting and rolling back: with a reason, after a comparison, never to weights that are not sound."""

import json
import shutil

import pytest

from fracture_core.base.errors import CheckpointDamagedError, PromotionError
from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.gate.promote import promote_checkpoint, roll_back_promotion
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from fracture_core.networks.serving import find_served_name, list_serving_history
from tests.gate_world import make_model

LONG = "The ward wants to try it on its own films first."


@pytest.fixture
def good(machine: Settings, champion: Checkpoint) -> Checkpoint:
    return compared(make_model(machine.state_dir / "runs" / "run-1" / "checkpoint", seed=2, skill=6))


@pytest.fixture
def bad(machine: Settings, champion: Checkpoint) -> Checkpoint:
    return compared(make_model(machine.checkpoints_dir / "bad", seed=3, skill=-1))


def compared(candidate: Checkpoint) -> Checkpoint:
    """Put the candidate through the gate; a run's result is called by the run's name."""
    name = candidate.name if candidate.name != "checkpoint" else candidate.directory.parent.name
    build_gate_report(find_checkpoint(name), find_champion())
    return find_checkpoint(name)


def test_promotion_brings_a_run_s_model_into_use(good: Checkpoint, champion: Checkpoint) -> None:
    record = promote_checkpoint("run-1", who=" Ada ", reason=" reads hands better ")
    assert find_checkpoint().name == "run-1"
    assert (record.who, record.reason, record.verdict, record.forced) == (
        "Ada",
        "reads hands better",
        "not worse",
        False,
    )
    assert record.weights_sha256 == good.manifest.weights_sha256
    assert (record.previous, record.previous_sha256) == ("default", champion.manifest.weights_sha256)


@pytest.mark.parametrize(
    ("who", "reason", "problem"),
    [("", LONG, "who decides"), ("Ada", "  ", "reason is missing"), ("x" * 121, LONG, "who")],
)
def test_nobody_and_no_reason_are_refused(who: str, reason: str, problem: str, good: Checkpoint) -> None:
    with pytest.raises(PromotionError, match=problem):
        promote_checkpoint("run-1", who=who, reason=reason)
    with pytest.raises(PromotionError, match=problem):
        roll_back_promotion(who=who, reason=reason)
    assert list_serving_history() == []


def test_what_was_not_compared_is_refused(machine: Settings, champion: Checkpoint) -> None:
    make_model(machine.checkpoints_dir / "new", seed=2, skill=6)
    with pytest.raises(PromotionError, match=r"'new' has not been compared.*fracture_core gate new"):
        promote_checkpoint("new", who="Ada", reason=LONG, force=True)
    assert find_served_name() == "default"


def test_report_about_another_champion_does_not_count(good: Checkpoint, bad: Checkpoint) -> None:
    promote_checkpoint("bad", who="Ada", reason=LONG, force=True)
    with pytest.raises(PromotionError, match="has not been compared"):
        promote_checkpoint("run-1", who="Ada", reason=LONG)


def test_a_worse_one_takes_force_and_a_sentence(bad: Checkpoint) -> None:
    with pytest.raises(PromotionError, match="The gate speaks against 'bad': Worse than the model in use"):
        promote_checkpoint("bad", who="Ada", reason=LONG)
    with pytest.raises(PromotionError, match="takes 20 characters"):
        promote_checkpoint("bad", who="Ada", reason="because", force=True)
    assert find_served_name() == "default"
    record = promote_checkpoint("bad", who="Ada", reason=LONG, force=True)
    assert (record.verdict, record.forced) == ("worse", True)
    assert find_served_name() == "bad"


def test_force_that_was_not_needed_is_not_recorded_as_force(good: Checkpoint) -> None:
    assert not promote_checkpoint("run-1", who="Ada", reason="better", force=True).forced


def test_damaged_weights_are_never_promoted(good: Checkpoint) -> None:
    path = good.directory / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CheckpointDamagedError, match="SHA-256"):
        promote_checkpoint("run-1", who="Ada", reason="better")
    assert find_served_name() == "default"


def test_who_saw_another_champion_is_told(good: Checkpoint, bad: Checkpoint, champion: Checkpoint) -> None:
    seen = champion.manifest.weights_sha256
    promote_checkpoint("run-1", who="Ada", reason="better", seen=seen)
    with pytest.raises(PromotionError, match="'run-1' now, not the one you saw"):
        promote_checkpoint("bad", who="Bob", reason=LONG, force=True, seen=seen)
    with pytest.raises(PromotionError, match="'run-1' now, not the one you saw"):
        roll_back_promotion(who="Bob", reason="worse after all", seen=seen)
    with pytest.raises(PromotionError, match="in use already"):
        promote_checkpoint("run-1", who="Bob", reason="better")


def test_roll_back_passes_over_what_has_gone_and_says_so(
    machine: Settings, good: Checkpoint, champion: Checkpoint
) -> None:
    promote_checkpoint("run-1", who="Ada", reason="better")
    compared(make_model(machine.checkpoints_dir / "bad", seed=3, skill=-1))
    promote_checkpoint("bad", who="Ada", reason=LONG, force=True)
    shutil.rmtree(good.directory)
    record = roll_back_promotion(who="Bob", reason="misses hips")
    assert (record.checkpoint, record.previous) == ("default", "bad")
    assert record.reason == "misses hips (Passed over, gone or damaged: run-1.)"
    with pytest.raises(PromotionError, match="nothing to roll back to: no promotion came before 'default'"):
        roll_back_promotion(who="Bob", reason="again")


def test_roll_back_saves_from_a_model_that_has_gone(good: Checkpoint) -> None:
    promote_checkpoint("run-1", who="Ada", reason="better")
    shutil.rmtree(good.directory)
    assert find_champion() is None
    assert roll_back_promotion(who="Ada", reason="its folder has gone").checkpoint == "default"
    assert find_checkpoint().name == "default"


def test_where_all_have_gone_another_one_can_be_forced(
    machine: Settings, good: Checkpoint, champion: Checkpoint
) -> None:
    promote_checkpoint("run-1", who="Ada", reason="better")
    new = make_model(machine.checkpoints_dir / "new", seed=5, skill=1)
    shutil.rmtree(good.directory)
    shutil.rmtree(champion.directory)
    with pytest.raises(PromotionError, match="None of the models before 'run-1' can be used any more: default"):
        roll_back_promotion(who="Ada", reason="its folder has gone")
    report = build_gate_report(new, find_champion())
    assert "'run-1' was taken into use here, but its folder has gone" in report.verdict.sentences[1]
    assert promote_checkpoint("new", who="Ada", reason=LONG, force=True).previous == "run-1"
    assert find_checkpoint().name == "new"


def test_command_line(good: Checkpoint, bad: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "run-1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("run-1 against default, the model in use: not worse\n") and "DeLong" in out
    assert main(["gate", "bad", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"]["level"] == "worse"
    assert main(["checkpoints", "history"]) == 0
    assert "Nothing was ever promoted" in capsys.readouterr().out
    assert main(["checkpoints", "promote", "bad", "--reason", LONG]) == 1
    assert "The gate speaks against 'bad'" in capsys.readouterr().err
    assert main(["checkpoints", "promote", "run-1", "--reason", "better", "--who", "Ada"]) == 0
    assert capsys.readouterr().out == "run-1 is in use now, instead of default (change 1)\n"
    assert main(["checkpoints", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["name"], line["in_use"]) for line in listed] == [("run-1", True), ("bad", False), ("default", False)]
    assert main(["checkpoints", "rollback", "--reason", "misses hips"]) == 0
    assert main(["checkpoints", "history", "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert [(record["action"], record["checkpoint"]) for record in records] == [
        ("promote", "run-1"),
        ("rollback", "default"),
    ]
    assert main(["checkpoints", "history"]) == 0
    assert "rolled back to default instead of run-1" in capsys.readouterr().out


def test_list_of_checkpoints_warns_of_a_model_in_use_that_has_gone(
    good: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    promote_checkpoint("run-1", who="Ada", reason="better")
    shutil.rmtree(good.directory)
    assert main(["checkpoints"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("default") and "'run-1' was taken into use" in captured.err
