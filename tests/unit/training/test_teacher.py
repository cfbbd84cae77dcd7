"""Learning from a checkpoint, and starting from one."""

import pytest
import torch

from fracture_core.base.errors import CheckpointNotFoundError, TrainingError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.networks.preprocessing import Preprocessing
from fracture_core.training.recipes import find_recipe
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import TrainingRequest, create_run
from fracture_core.training.teacher import Teacher
from tests.tiny_world import write_dataset

CPU = torch.device("cpu")


def pupil_like(name: str, **changes: object) -> Preprocessing:
    return find_checkpoint(name).manifest.preprocessing.model_copy(update=changes)


def test_teacher_sees_a_batch_at_its_own_size(teacher_name: str) -> None:
    teacher = Teacher(teacher_name, pupil_like(teacher_name, input_size_px=48), CPU)
    side = find_checkpoint(teacher_name).manifest.preprocessing.input_size_px
    features, logits = teacher.look_at(torch.rand(2, 48, 48))
    assert features.shape == (2, teacher.feature_channels, side // 16, side // 16) and logits.shape == (2, 2)
    assert not features.requires_grad


def test_teacher_of_another_contrast_is_refused(teacher_name: str) -> None:
    with pytest.raises(TrainingError, match="stretched"):
        Teacher(teacher_name, pupil_like(teacher_name, stretch_percentiles=(3.0, 90.0)), CPU)
    with pytest.raises(CheckpointNotFoundError):
        Teacher("nobody", Preprocessing(), CPU)


def test_taught_run_tells_what_it_learned_from(own_settings: Settings, teacher_name: str) -> None:
    write_dataset(own_settings.data_dir / "drawn", count=24)
    stretch = find_checkpoint(teacher_name).manifest.preprocessing.stretch_percentiles
    assert stretch == find_recipe("quick").stretch_percentiles
    request = TrainingRequest(
        data=("drawn",), recipe="quick", epochs=1, input_size_px=32, batch_size=5, device="cpu", teacher=teacher_name
    )
    run = create_run(request)
    checkpoint = run_training(run)
    assert checkpoint is not None and checkpoint.manifest.recipe["teacher"] == teacher_name
    assert {"call_loss", "map_loss"} <= {name for _, _, name, _ in run.read_metrics()}
