"""The time a training will take, before it starts and while it runs."""

import pytest
import torch

from fracture_core.base.errors import TrainingError
from fracture_core.base.settings import Settings
from fracture_core.training.estimate import estimate_training_s, measure_step_s
from fracture_core.training.module import FractureModule
from fracture_core.training.runs.run import TrainingRequest
from tests.tiny_world import make_checkpoint


def ask(**changes: object) -> TrainingRequest:
    values = {"data": ("x",), "recipe": "quick", "input_size_px": 32, "batch_size": 4, "epochs": 3, "device": "cpu"}
    return TrainingRequest.model_validate(values | changes)


def test_step_is_measured_without_data_and_with_the_teacher(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "teacher")
    seen: list[tuple[int, ...]] = []
    real = FractureModule.training_step

    def look(self: FractureModule, batch: tuple[torch.Tensor, ...], index: int) -> torch.Tensor:
        seen.append((*batch[0].shape, len(self._teacher)))
        return real(self, batch, index)

    monkeypatch.setattr(FractureModule, "training_step", look)
    assert 0 < measure_step_s(ask(teacher="teacher")) < 60
    assert seen == [(4, 32, 32, 1)] * 5
    assert not own_settings.data_dir.exists()


def test_unknown_recipe_is_told() -> None:
    with pytest.raises(TrainingError, match="no recipe"):
        measure_step_s(ask(recipe="nothing"))


def test_epochs_are_steps_and_validations_divided_among_processes() -> None:
    one = estimate_training_s(ask(), train_count=40, step_s=2.0)
    assert 3 * 10 * 2.0 < one < 3 * 10 * 2.0 * 1.2
    assert estimate_training_s(ask(epochs=6), train_count=40, step_s=2.0) == pytest.approx(2 * one)
    assert estimate_training_s(ask(devices=2), train_count=40, step_s=2.0) == pytest.approx(one / 2)
    assert estimate_training_s(ask(recipe="paper"), train_count=40, step_s=2.0) == pytest.approx(2 * one)
