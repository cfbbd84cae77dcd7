"""The sides of the model in use stay in later trainings, also when the data have grown."""

import json

import pytest

from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.split_file import read_split
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.kept import read_evaluations
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.training.kept_sides import choose_kept_sides, find_kept_sides
from fracture_core.training.preview import preview_data
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import TrainingRequest, create_run
from tests.gate_world import divide, make_model, write_drawn
from tests.tiny_world import write_dataset
from tests.unit.training.tiny_runs import start_run

REQUEST = TrainingRequest(data=("drawn",), recipe="quick", epochs=1, input_size_px=32, batch_size=5, device="cpu")


@pytest.mark.slow
def test_a_training_on_grown_data_can_be_compared_with_the_model_in_use(own_settings: Settings) -> None:
    write_drawn(own_settings.data_dir / "drawn")
    make_model(own_settings.checkpoints_dir / "default", seed=1, skill=2.0)
    frozen = set(divide(open_dataset("drawn"))["test"])
    write_dataset(own_settings.data_dir / "drawn", count=60)  # twelve more

    run = create_run(REQUEST)
    checkpoint = run_training(run)
    assert checkpoint is not None
    sides = read_split(checkpoint.split_path)["drawn"]
    assert set(sides["test"]) == frozen and len(sides["train"]) + len(sides["val"]) == 36
    assert {side.name: side.files for side in preview_data(REQUEST, lambda *_: None).sides}["test"] == 24
    report = build_gate_report(find_checkpoint(run.id), find_champion())
    assert report.leak_check.leaks == () and report.frozen[0].comparison.n == 24


def test_what_is_kept_is_decided_once(own_settings: Settings) -> None:
    write_drawn(own_settings.data_dir / "drawn")
    before = create_run(REQUEST)
    assert choose_kept_sides(before, REQUEST) == {}, "no model in use yet"
    make_model(own_settings.checkpoints_dir / "default", seed=1, skill=2.0)
    assert choose_kept_sides(before, REQUEST) == {}
    assert choose_kept_sides(create_run(REQUEST), REQUEST) == find_kept_sides(REQUEST) != {}
    assert find_kept_sides(REQUEST.model_copy(update={"as_published": True})) == {}


def test_what_the_first_weights_or_the_teacher_learned_from_is_not_validated_on(own_settings: Settings) -> None:
    write_drawn(own_settings.data_dir / "drawn")
    in_use = own_settings.checkpoints_dir / "default"
    make_model(in_use, seed=1, skill=2.0)
    make_model(own_settings.checkpoints_dir / "older", seed=2, skill=1.0)
    older = own_settings.checkpoints_dir / "older" / "split.json"
    sides = {side: set(names) for side, names in read_split(in_use / "split.json")["drawn"].items()}
    moved = {sorted(sides["train"])[0], sorted(sides["test"])[0]}
    kept = find_kept_sides(REQUEST)["drawn"]
    assert kept == {side: frozenset(names) for side, names in sides.items()}

    learned = {"train": sorted(moved | sides["val"]), "val": [], "test": []}
    older.write_text(json.dumps({"format_version": 1, "datasets": {"drawn": learned, "other": learned}}))
    for role in ("initial", "teacher"):
        kept = find_kept_sides(REQUEST.model_copy(update={role: "older"}))
        assert kept["drawn"] == {"train": sides["train"] | sides["val"], "val": set(), "test": sides["test"]}
        assert kept["other"] == {side: set(names) for side, names in learned.items()}, "only the older one knows it"


def test_figures_over_what_the_first_weights_had_learned_from_are_marked(own_settings: Settings) -> None:
    first = run_training(start_run(own_settings, epochs=1))
    assert first is not None
    sides = read_split(first.split_path)["drawn"]
    learned = {"train": [*sides["train"], *sides["val"]], "val": [], "test": sides["test"]}
    first.split_path.write_text(json.dumps({"format_version": 1, "datasets": {"drawn": learned}}))

    checkpoint = run_training(start_run(own_settings, epochs=1, initial=first.name))
    assert checkpoint is not None
    found = {evaluation.split: evaluation for evaluation in read_evaluations(checkpoint.evaluation_path)}
    count = found["val"].n
    assert found["val"].mark == f"LEARNED FROM BEFORE: leaks {count} radiographs ({count} of {count} files)"
    assert found["test"].mark == "" and {each.name for each in found["test"].predictions} == set(sides["test"])

    again = evaluate_dataset(checkpoint, "drawn", split="val", device="cpu")
    assert again.mark == found["val"].mark and again.short_mark == "LEARNED FROM BEFORE"
    assert evaluate_dataset(checkpoint, "drawn", split="test", device="cpu").short_mark == ""
