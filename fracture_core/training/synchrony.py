"""One batch over several processes as if over one: each computes its slice, all see the whole.

A loss over gathered outputs is the very loss of one process, whatever it divides by.
Every process computes it alike, so that a gradient need not travel back: each takes its
slice's, times the number of processes, for the mean that DDP takes of all.
"""

import itertools
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


def count_processes() -> int:
    """Return how many processes train together."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def find_own_slice(count: int) -> slice:
    """Return this process's part of a batch of ``count``; parts differ by one at most and may be empty."""
    processes = count_processes()
    if processes == 1:
        return slice(0, count)
    return _list_slices(count, processes)[dist.get_rank()]


def gather(part: Tensor, count: int) -> Tensor:
    """Return the ``(count, ...)`` tensor of which every process holds its ``find_own_slice`` in ``part``."""
    return part if count_processes() == 1 else _gather(part, count)


def _gather(part: Tensor, count: int) -> Tensor:
    gathered: Tensor = _Gather.apply(part, count)  # type: ignore[no-untyped-call]  # torch leaves apply without types
    return gathered


def _sum(values: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(values)  # type: ignore[no-untyped-call]  # as above
    return total


def _list_slices(count: int, processes: int) -> list[slice]:
    bounds = [count * rank // processes for rank in range(processes + 1)]
    return [slice(start, end) for start, end in itertools.pairwise(bounds)]


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, part: Tensor, count: int) -> Tensor:
        slices = _list_slices(count, dist.get_world_size())
        ctx.own = slices[dist.get_rank()]
        longest = -(-count // len(slices))
        padded = part.new_zeros((longest, *part.shape[1:]))
        padded[: len(part)] = part
        parts = [torch.empty_like(padded) for _ in slices]
        dist.all_gather(parts, padded)
        return torch.cat([found[: own.stop - own.start] for found, own in zip(parts, slices, strict=True)])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient[ctx.own] * dist.get_world_size(), None


class _Sum(torch.autograd.Function):
    """The sum over all processes, of values and on the way back of gradients."""

    @staticmethod
    def forward(_ctx: Any, values: Tensor) -> Tensor:
        return _sum_over_processes(values)

    @staticmethod
    def backward(_ctx: Any, gradient: Tensor) -> Tensor:
        return _sum_over_processes(gradient)


def _sum_over_processes(values: Tensor) -> Tensor:
    total = values.clone()
    dist.all_reduce(total)
    return total


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Normalizes by mean and variance over the slices of all processes; torch's own does so on GPUs only."""

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.training or count_processes() == 1:
            return super().forward(inputs)
        values = inputs.to(torch.promote_types(inputs.dtype, torch.float32))
        count = values.new_tensor([values.numel() / values.shape[1]])
        sums = _sum(torch.cat([values.sum((0, 2, 3)), values.square().sum((0, 2, 3)), count]))
        total = sums[-1].detach()
        mean, mean_square = sums[:-1].div(total).chunk(2)
        variance = (mean_square - mean.square()).clamp_min(0)
        self._follow(mean.detach(), variance.detach() * total / (total - 1))
        scale = torch.rsqrt(variance + self.eps) * self.weight
        shape = (1, -1, 1, 1)
        result: Tensor = (values * scale.view(shape) + (self.bias - mean * scale).view(shape)).to(inputs.dtype)
        return result

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor) -> None:
        """Move the running mean and (unbiased) variance, as torch does."""
        assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
        assert self.num_batches_tracked is not None
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)


def share_batch_norms(network: nn.Module) -> None:
    """Let a network's BatchNorm layers work over all processes; weights and their names stay."""
    for layer in network.modules():
        if type(layer) is nn.BatchNorm2d:
            layer.__class__ = SharedBatchNorm2d
