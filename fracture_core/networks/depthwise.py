"""Depthwise convolution whose gradient is quick on a CPU under bf16 autocast."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


class DepthwiseConvolution(nn.Conv2d):
    """A convolution of each channel by itself, without a bias, unpadded.

    oneDNN computes these gradients in bf16 through a slow reference path: for 5 x 5
    and stride 2 up to seven times slower than in float32. So the forward pass stays
    in bf16 and the backward pass is done in float32.
    """

    def __init__(self, channels: int, kernel: int, stride: int) -> None:
        super().__init__(channels, channels, kernel, stride, groups=channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type == "cpu" and torch.is_autocast_enabled("cpu") and torch.is_grad_enabled():
            apply: Callable[[Tensor, Tensor, int], Tensor] = _Bf16ForwardFloatBackward.apply
            return apply(x, self.weight, self.stride[0])
        return super().forward(x)


class _Bf16ForwardFloatBackward(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: Tensor, weight: Tensor, stride: int) -> Tensor:
        x = x.bfloat16()
        context.save_for_backward(x, weight)
        context.stride = stride
        return nn.functional.conv2d(x, weight.bfloat16(), stride=stride, groups=len(weight))

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        x, weight = context.saved_tensors
        wanted = [context.needs_input_grad[0], context.needs_input_grad[1], False]
        to_input, to_weight, _ = torch.ops.aten.convolution_backward(
            gradient.float().contiguous(memory_format=torch.channels_last),
            x.float(),
            weight,
            None,
            [context.stride] * 2,
            [0, 0],
            [1, 1],
            False,
            [0, 0],
            len(weight),
            wanted,
        )
        return to_input.bfloat16() if to_input is not None else None, to_weight, None
