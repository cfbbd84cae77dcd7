"""A network is built by the name in its configuration."""

from typing import get_args

import torch

from fracture_core.networks.architectures import ARCHITECTURES, build_network, lay_out_for_speed
from fracture_core.networks.inception import NetworkConfig


def test_every_name_that_a_configuration_may_hold_is_built() -> None:
    assert set(ARCHITECTURES) == set(get_args(NetworkConfig.model_fields["architecture"].annotation))
    for name, kind in ARCHITECTURES.items():
        network = build_network(NetworkConfig(architecture=name, in_channels=1, input_size_px=64))
        assert type(network) is kind and network.config.architecture == name


def test_another_layout_changes_no_figure() -> None:
    torch.manual_seed(0)
    network = build_network(NetworkConfig(in_channels=1, input_size_px=64)).eval()
    x = torch.rand(1, 1, 64, 64)
    with torch.inference_mode():
        before = network(x)
        torch.testing.assert_close(lay_out_for_speed(network)(x), before)
