"""A run from drawn radiographs to a checkpoint; stopped, resumed, and failing with a reason."""

import json

import numpy as np
import pytest
import torch

from fracture_core.base.errors import DatasetError, EvaluationError, IntakeError, TrainingError
from fracture_core.base.settings import Settings
from fracture_core.datasets.splits.partition import divide_as_published
from fracture_core.datasets.splits.split_file import read_split
from fracture_core.evaluation.kept import find_evaluations, keep_evaluation, read_evaluations
from fracture_core.evaluation.sides import evaluate_dataset
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.references import read_references
from fracture_core.training.augmentation import Augmentation
from fracture_core.training.fit import build_training_batches
from fracture_core.training.module import BinaryAUROC, FractureModule
from fracture_core.training.recipes import RECIPES, STRONG_AUGMENTATION, find_recipe, resolve_recipe
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import TrainingRequest, create_run
from fracture_core.training.sampling import RadiographBatches
from tests.tiny_world import encode_phantom
from tests.unit.datasets.splits.test_partition import make_images
from tests.unit.training.tiny_runs import start_run


def test_run_ends_in_a_checkpoint_with_figures(own_settings: Settings) -> None:
    run = start_run(own_settings)
    checkpoint = run_training(run)
    state = run.read_state()
    assert state.status == "finished" and state.epoch == 2 and state.step == state.total_steps > 0
    assert checkpoint is not None and find_checkpoint(run.id).manifest == checkpoint.manifest
    manifest = checkpoint.manifest
    assert manifest.recipe["name"] == "quick" and manifest.recipe["epochs"] == 2
    assert manifest.data[0].name == "drawn" and sum(manifest.data[0].split_counts.values()) == 24
    assert 0 < manifest.preprocessing.mean < 1 and manifest.preprocessing.std > 0

    # The figures cover each side once, and sides share no file.
    evaluations = {evaluation.split: evaluation for evaluation in read_evaluations(checkpoint.evaluation_path)}
    sides = read_split(checkpoint.split_path)["drawn"]
    assert set(evaluations) == {"val", "test"}
    for side, evaluation in evaluations.items():
        assert {prediction.name for prediction in evaluation.predictions} == set(sides[side])
    assert not set(sides["train"]) & set(sides["test"])

    # The curve has one validation point an epoch, with steps that grow.
    accuracy = [(step, value) for step, _, name, value in run.read_metrics() if name == "val_accuracy"]
    assert [step for step, _ in accuracy] == [state.total_steps // 2, state.total_steps]

    # What the machine did stands beside the losses.
    latest = {point.name: point.value for point in run.read_metrics()}
    assert latest["images_per_s"] > 0 and 0.05 < latest["memory_gb"] < 64 and latest["learning_rate"] >= 0
    assert (state.val_accuracy, state.val_auroc) == (latest["val_accuracy"], latest["val_auroc"])

    # Evaluating again gives the same; over all of it is refused.
    again = evaluate_dataset(checkpoint, "drawn", split="test", device="cpu")
    assert again.metrics == evaluations["test"].metrics
    with pytest.raises(EvaluationError, match="was trained on"):
        evaluate_dataset(checkpoint, "drawn", split="all")
    keep_evaluation(checkpoint, again)
    assert len(find_evaluations(checkpoint)) == 3
    json.dumps([evaluation.model_dump(mode="json") for evaluation in evaluations.values()], allow_nan=False)


def test_a_new_model_brings_what_its_gate_compares_with(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = run_training(start_run(own_settings, epochs=1))
    assert few is not None and read_references(few) is None, "24 drawings tell nobody what is usual"
    monkeypatch.setattr("fracture_core.reading.suitability.fit.LEAST_TRAINED", 10)
    monkeypatch.setattr("fracture_core.reading.suitability.fit.LEAST_VALIDATION", 2)
    enough = run_training(start_run(own_settings, epochs=1))
    assert enough is not None
    references = read_references(enough)
    assert references is not None and references.other is None
    assert references.weights_sha256 == enough.manifest.weights_sha256
    found = SuitabilityCheck.of(enough).check(
        read_radiograph(encode_phantom(7, size_px=96)), np.zeros(references.mean.size, np.float32)
    )
    assert found.is_compared


def test_a_gate_that_cannot_be_fitted_costs_no_training(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise IntakeError("The file has gone.", "Put it back.")

    monkeypatch.setattr("fracture_core.reading.suitability.fit.LEAST_TRAINED", 10)
    monkeypatch.setattr("fracture_core.reading.suitability.fit.LEAST_VALIDATION", 2)
    monkeypatch.setattr("fracture_core.reading.suitability.fit.read_radiograph_file", fail)
    run = start_run(own_settings, epochs=1)
    assert run_training(run) is not None and run.read_state().status == "finished"


def test_best_epoch_is_kept_beside_the_last(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_run(own_settings, epochs=3)
    aurocs = iter([torch.tensor(value) for value in (0.6, 0.5, 0.6)])
    monkeypatch.setattr(BinaryAUROC, "compute", lambda self: next(aurocs))
    steps: list[int] = []

    def look(what: str, _done: int, _total: int) -> None:
        if what == "Calibrating":
            paths = (run.best_path, run.resume_path)
            steps.extend(torch.load(path, weights_only=True)["global_step"] for path in paths)

    assert run_training(run, progress=look) is not None
    assert steps == [3, 9], "of equal ones the first; the last is there to resume from"
    assert sorted(path.name for path in run.directory.iterdir()) == [".process.lock", "checkpoint", "kept-sides.json"]


def test_failure_says_why(own_settings: Settings) -> None:
    run = create_run(TrainingRequest(data=("missing",), recipe="quick"))
    with pytest.raises(DatasetError):
        run_training(run)
    state = run.read_state()
    assert state.status == "failed" and "missing" in state.reason and state.ended_at


def test_unexpected_failure_gets_an_id(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FractureModule, batch: object, index: int) -> None:
        raise ZeroDivisionError("made by a test")

    monkeypatch.setattr(FractureModule, "training_step", fail)
    run = start_run(own_settings)
    with pytest.raises(ZeroDivisionError):
        run_training(run)
    assert "(id " in run.read_state().reason


def test_request_overrides_the_recipe() -> None:
    recipe = resolve_recipe(TrainingRequest(data=("x",), recipe="paper", epochs=3, learning_rate=0.01))
    assert (recipe.epochs, recipe.learning_rate, recipe.batch_size) == (3, 0.01, 32)


@pytest.mark.parametrize(
    ("name", "augmentation"),
    [
        ("none", Augmentation()),
        ("flips", Augmentation(horizontal_flip=0.5)),
        ("strong", STRONG_AUGMENTATION),
        (None, RECIPES["quick"].augmentation),
    ],
)
def test_augmentation_by_name(name: str | None, augmentation: Augmentation) -> None:
    request = TrainingRequest.model_validate({"data": ("x",), "recipe": "quick", "augmentation": name})
    assert resolve_recipe(request).augmentation == augmentation


@pytest.mark.parametrize(
    ("name", "input_size_px", "reading_size_px"),
    [
        ("default", None, 352),
        ("default", 256, 352),
        ("default", 320, 416),
        ("default", 128, 160),
        ("default", 32, 32),
        ("default", 1024, 1024),
        ("pretrained", 224, 288),
        ("paper", 320, 0),
    ],
)
def test_reading_size_goes_with_the_input_size(name: str, input_size_px: int | None, reading_size_px: int) -> None:
    recipe = resolve_recipe(TrainingRequest(data=("x",), recipe=name, input_size_px=input_size_px))
    assert recipe.reading_size_px == reading_size_px


def test_paper_recipe_is_the_papers() -> None:
    paper = RECIPES["paper"]
    assert (paper.in_channels, paper.input_size_px, paper.batch_size, paper.epochs) == (3, 224, 32, 30)
    assert (paper.learning_rate, paper.weight_decay, paper.schedule) == (0.001, 0.0, "constant")
    assert paper.mirror_copies and paper.augmentation == Augmentation() and paper.label_smoothing == 0


def test_paper_recipe_has_the_counts_of_table_2() -> None:
    files = [(f"t{number}.jpg", number % 2, f"t{number % 178}", "train") for number in range(8863)]
    files += [(f"v{number}.jpg", number % 2, f"v{number % 13}", "val") for number in range(600)]
    images = make_images(files)
    paper = RECIPES["paper"]
    parts = divide_as_published(images, seed=0)
    batches = build_training_batches(parts["train"], paper, seed=0)
    assert len(batches.radiographs) == 15_954
    assert len(RadiographBatches(parts["val"], mirrored=paper.mirror_copies)) == 1_772
    assert len(parts["test"].items) == 600
    assert len(batches) * paper.epochs == 14_970


def test_unknown_recipe_says_which_exist() -> None:
    with pytest.raises(TrainingError, match="default"):
        find_recipe("nothing")


def test_reading_size_is_that_of_the_checkpoint_and_of_its_figures(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = RECIPES["quick"].model_copy(update={"reading_size_px": 256, "mirrored_reading": True, "weight_bits": 16})
    monkeypatch.setitem(RECIPES, "quick", larger)
    checkpoint = run_training(start_run(own_settings, epochs=1))
    assert checkpoint is not None
    manifest = checkpoint.manifest
    assert manifest.preprocessing.input_size_px == manifest.network.input_size_px == 64 and manifest.mirrored
    again = evaluate_dataset(checkpoint, "drawn", split="test", device="cpu")
    assert again.metrics == find_evaluations(checkpoint)[1].metrics
