"""The test radiographs that both are measured on."""

import shutil
from pathlib import Path

import pytest

from fracture_core.base.settings import Settings
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.training.runs.run import TrainingRequest, create_run
from tests.gate_world import make_model
from tests.tiny_world import encode_phantom
from tests.unit.evaluation.gate.test_leaks import Sides


def test_data_set_that_has_grown_is_read_anew_by_both(machine: Settings, champion: Checkpoint) -> None:
    (machine.data_dir / "drawn" / "fractured" / "new.png").write_bytes(encode_phantom(990, size_px=96))
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, tested=False)
    stages: set[str] = set()
    report = build_gate_report(new, champion, progress=lambda what, done, total: stages.add(what))
    assert {"Reading with new", "Reading with default"} <= stages
    assert report.frozen[0].comparison.n == 24 and report.leak_check.unchecked == ()
    assert report.frozen[0].note.startswith("'drawn' has changed since")


def test_folder_that_a_training_was_given_is_found_again(
    machine: Settings, champion: Checkpoint, tmp_path: Path
) -> None:
    """Outside the settings' folder of data sets, only the run tells where its data is."""
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, tested=False)
    elsewhere = tmp_path / "elsewhere" / "drawn"
    shutil.move(machine.data_dir / "drawn", elsewhere)
    assert build_gate_report(new, champion).verdict.level == "unproven"
    create_run(TrainingRequest(data=(str(elsewhere),)))
    report = build_gate_report(new, champion)
    assert report.left_out == {} and report.leak_check.unchecked == ()


def test_own_test_side_tells_what_the_model_in_use_has_seen(
    machine: Settings, champion: Checkpoint, drawn_sides: Sides
) -> None:
    sides = {"train": drawn_sides["test"][:12], "val": (), "test": drawn_sides["train"]}
    report = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6, sides=sides), champion)
    assert report.verdict.level == "leaks"
    assert (
        report.own[0].note == "The model in use learned from 8 of these 8 radiographs: its figures here are too good."
    )


@pytest.mark.parametrize("mark", [True, False])
def test_leaky_figures_of_the_model_in_use_are_no_frozen_test_set(
    mark: bool, machine: Settings, champion: Checkpoint
) -> None:
    if mark:
        text = champion.evaluation_path.read_text()
        champion.evaluation_path.write_text(text.replace('"as_published": false', '"as_published": true'))
    report = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6), champion)
    assert (report.verdict.level == "unproven") == mark
    assert any("is not taken" in remark for remark in report.remarks) == mark
