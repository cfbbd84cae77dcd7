"""The network's parts; its layer table and seeded outputs are held in tests/golden."""

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from fracture_core.base.errors import ShapeError
from fracture_core.networks.inception import InceptionBlock, NetworkConfig, RadiographiesNet, summarize_network


def test_block_has_four_branches_of_equal_width() -> None:
    block = InceptionBlock(32, 128).eval()
    x = torch.randn(2, 32, 9, 7)
    branches = [block.branch1x1, block.branch3x3, block.branch5x5, block.branch_pool]
    outputs = [branch(x) for branch in branches]
    assert [tuple(output.shape) for output in outputs] == [(2, 32, 9, 7)] * 4
    assert torch.equal(block(x), torch.cat(outputs, dim=1))


def test_reducing_convolutions_are_half_as_wide_as_the_branch() -> None:
    block = InceptionBlock(32, 128)
    for branch in (block.branch3x3, block.branch5x5):
        assert branch[0][0].out_channels * 2 == branch[1][0].out_channels == 32
    assert [branch[1][0].kernel_size for branch in (block.branch3x3, block.branch5x5)] == [(3, 3), (5, 5)]


def test_every_convolution_is_followed_by_batchnorm_and_relu() -> None:
    layers = [layer for layer in RadiographiesNet().modules() if not list(layer.children())]
    convolutions = [index for index, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    assert len(convolutions) == 1 + 4 * 6
    for index in convolutions:
        assert isinstance(layers[index + 1], nn.BatchNorm2d)
        assert isinstance(layers[index + 2], nn.ReLU)


def test_channels_classes_and_size_are_configuration() -> None:
    network = RadiographiesNet(NetworkConfig(in_channels=1, num_classes=5, input_size_px=64)).eval()
    assert network(torch.zeros(3, 1, 64, 96)).shape == (3, 5)


def test_dropout_acts_in_training_only() -> None:
    network = RadiographiesNet(NetworkConfig(in_channels=1, dropout=0.5, input_size_px=32))
    x = torch.randn(4, 1, 32, 32)
    network.eval()
    assert torch.equal(network(x), network(x))
    network.train()
    assert not torch.equal(network(x), network(x))


@pytest.mark.parametrize("shape", [(3, 224, 224), (1, 1, 224, 224), (1, 3, 8, 224)])
def test_wrong_shape_is_told_with_both_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError) as caught:
        RadiographiesNet()(torch.zeros(shape))
    assert caught.value.actual == shape
    assert "(N, 3, H >= 16, W >= 16)" in str(caught.value)


@pytest.mark.parametrize("field", [{"in_channels": 0}, {"dropout": 1.0}, {"num_classes": 1}, {"input_size_px": 8}])
def test_configuration_out_of_range_is_refused(field: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        NetworkConfig(**field)


def test_summary_leaves_the_network_as_it_was() -> None:
    network = RadiographiesNet(NetworkConfig(input_size_px=32)).train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    summarize_network(network)
    assert network.training
    assert not any(layer._forward_hooks for layer in network.modules())
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
