"""A run from drawn radiographs to a checkpoint; stopped, resumed, and failing with a reason."""

import json

import pytest
import torch
from torch import Tensor

from fracture_core.data.partition import divide_as_published
from fracture_core.errors import DatasetError, EvaluationError, TrainingError
from fracture_core.evaluation.kept import find_evaluations, keep_evaluation, read_evaluations
from fracture_core.evaluation.sides import evaluate_dataset, read_split
from fracture_core.registry import find_checkpoint
from fracture_core.runs import RunFolder, TrainingRequest, create_run
from fracture_core.settings import Settings
from fracture_core.training.augmentation import Augmentation
from fracture_core.training.module import BinaryAUROC, FractureModule
from fracture_core.training.recipes import RECIPES, find_recipe
from fracture_core.training.run import build_training_loader, resolve_recipe, run_training
from fracture_core.training.sampling import RadiographBatches
from tests.tiny_world import write_dataset
from tests.unit.data.test_partition import make_images


def start_run(settings: Settings, *, epochs: int = 2, count: int = 24) -> RunFolder:
    root = settings.data_dir / "drawn"
    if not root.is_dir():
        write_dataset(root, count=count)
    return create_run(
        TrainingRequest(data=("drawn",), recipe="quick", epochs=epochs, input_size_px=32, batch_size=5, device="cpu")
    )


def test_run_ends_in_a_checkpoint_with_figures(own_settings: Settings) -> None:
    folder = start_run(own_settings)
    checkpoint = run_training(folder)
    state = folder.read_state()
    assert state.status == "finished" and state.epoch == 2 and state.step == state.total_steps > 0
    assert checkpoint is not None and find_checkpoint(folder.id).manifest == checkpoint.manifest
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
    accuracy = [(step, value) for step, _, name, value in folder.read_metrics() if name == "val_accuracy"]
    assert [step for step, _ in accuracy] == [state.total_steps // 2, state.total_steps]

    # Evaluating again gives the same; over all of it is refused.
    again = evaluate_dataset(checkpoint, "drawn", split="test", device="cpu")
    assert again.metrics == evaluations["test"].metrics
    with pytest.raises(EvaluationError, match="was trained on"):
        evaluate_dataset(checkpoint, "drawn", split="all")
    keep_evaluation(checkpoint, again)
    assert len(find_evaluations(checkpoint)) == 3
    json.dumps([evaluation.model_dump(mode="json") for evaluation in evaluations.values()], allow_nan=False)


def test_stopped_run_is_resumed_to_where_an_unbroken_one_ends(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = start_run(own_settings, epochs=3)
    with monkeypatch.context() as patch:
        real_step = FractureModule.training_step

        def ask_to_stop_amid_second_epoch(self: FractureModule, batch: tuple[Tensor, ...], index: int) -> Tensor:
            if self.current_epoch == 1 and index == 1:
                folder.stop_path.touch()
            return real_step(self, batch, index)

        patch.setattr(FractureModule, "training_step", ask_to_stop_amid_second_epoch)
        assert run_training(folder) is None
    state = folder.read_state()
    assert state.status == "stopped" and "resumed" in state.reason
    assert run_training(folder) is not None
    assert folder.read_state().status == "finished"

    unbroken = start_run(own_settings, epochs=3)
    assert run_training(unbroken) is not None
    curves = [
        [(step, value) for step, _, name, value in run.read_metrics() if name == "val_loss"]
        for run in (folder, unbroken)
    ]
    assert [step for step, _ in curves[0]] == [step for step, _ in curves[1]] == [3, 6, 9]
    assert [value for _, value in curves[0]] == pytest.approx([value for _, value in curves[1]], rel=1e-3)


def test_epochs_that_did_not_improve_are_not_lost_on_resume(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = start_run(own_settings, epochs=3)
    monkeypatch.setattr(BinaryAUROC, "compute", lambda self: torch.tensor(0.5))

    def ask_to_stop_in_last_epoch(self: FractureModule, batch: object, index: int) -> None:
        if self.current_epoch == 2:
            folder.stop_path.touch()

    monkeypatch.setattr(FractureModule, "on_train_batch_start", ask_to_stop_in_last_epoch)
    assert run_training(folder) is None
    assert torch.load(folder.resume_path, weights_only=True)["global_step"] == 6
    assert torch.load(folder.directory / "best.ckpt", weights_only=True)["global_step"] == 3


def test_failure_says_why(own_settings: Settings) -> None:
    folder = create_run(TrainingRequest(data=("missing",), recipe="quick"))
    with pytest.raises(DatasetError):
        run_training(folder)
    state = folder.read_state()
    assert state.status == "failed" and "missing" in state.reason and state.ended_at


def test_unexpected_failure_gets_an_id(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FractureModule, batch: object, index: int) -> None:
        raise ZeroDivisionError("made by a test")

    monkeypatch.setattr(FractureModule, "training_step", fail)
    folder = start_run(own_settings)
    with pytest.raises(ZeroDivisionError):
        run_training(folder)
    assert "(id " in folder.read_state().reason


def test_request_overrides_the_recipe() -> None:
    recipe = resolve_recipe(TrainingRequest(data=("x",), recipe="paper", epochs=3, learning_rate=0.01))
    assert (recipe.epochs, recipe.learning_rate, recipe.batch_size) == (3, 0.01, 32)


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
    loader = build_training_loader(parts["train"], paper, seed=0)
    assert len(loader.dataset) == 15_954
    assert len(RadiographBatches(parts["val"], mirrored=paper.mirror_copies)) == 1_772
    assert len(parts["test"].items) == 600
    assert len(loader) * paper.epochs == 14_970


def test_unknown_recipe_says_which_exist() -> None:
    with pytest.raises(TrainingError, match="default"):
        find_recipe("nothing")


def test_reading_size_is_that_of_the_checkpoint_and_of_its_figures(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = RECIPES["quick"].model_copy(update={"reading_size_px": 64, "mirrored_reading": True, "weight_bits": 16})
    monkeypatch.setitem(RECIPES, "quick", larger)
    checkpoint = run_training(start_run(own_settings, epochs=1))
    assert checkpoint is not None
    manifest = checkpoint.manifest
    assert manifest.preprocessing.input_size_px == manifest.network.input_size_px == 64 and manifest.mirrored
    again = evaluate_dataset(checkpoint, "drawn", split="test", device="cpu")
    assert again.metrics == find_evaluations(checkpoint)[1].metrics
