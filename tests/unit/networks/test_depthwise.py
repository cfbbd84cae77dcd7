"""The depthwise convolution that is quick under bf16 learns what the plain one learns."""

import pytest
import torch

from fracture_core.networks.depthwise import DepthwiseConvolution


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 1), (5, 2)])
def test_depthwise_gradients_under_bf16_are_those_of_float32(kernel: int, stride: int) -> None:
    torch.manual_seed(1)
    layer = DepthwiseConvolution(4, kernel, stride)
    gradients = []
    for is_bf16 in (False, True):
        x = torch.linspace(-1, 1, 2 * 4 * 11 * 11).reshape(2, 4, 11, 11).requires_grad_()
        layer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=is_bf16):
            y = layer(x)
        assert y.dtype == (torch.bfloat16 if is_bf16 else torch.float32)
        y.float().pow(2).sum().backward()
        gradients.append((x.grad.clone(), layer.weight.grad.clone()))
    for exact, quick in zip(*gradients, strict=True):
        torch.testing.assert_close(quick, exact, rtol=0.05, atol=0.05 * float(exact.abs().max()))


def test_without_autocast_it_is_the_plain_convolution() -> None:
    layer, x = DepthwiseConvolution(3, 3, 2), torch.rand(1, 3, 9, 9)
    torch.testing.assert_close(layer(x), torch.nn.functional.conv2d(x, layer.weight, stride=2, groups=3))
