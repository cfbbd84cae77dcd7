"""What processes share is what one would have computed; in processes of this test's own."""

import socket
from collections.abc import Callable

import pytest
import torch
import torch.multiprocessing as mp
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from fracture_core.training.synchrony import SharedBatchNorm2d, find_own_slice, gather, share_batch_norms


def run_processes(task: Callable[..., None], count: int, *arguments: object) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mp.spawn(_enter, args=(task, count, port, arguments), nprocs=count)


def _enter(rank: int, task: Callable[..., None], count: int, port: int, arguments: tuple[object, ...]) -> None:
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=count)
    task(*arguments)
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()


def build_network() -> nn.Sequential:
    torch.manual_seed(0)
    layers = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    return nn.Sequential(*layers).double()


def compute_loss(network: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    logits = gather(network(images[find_own_slice(len(images))]), len(images))
    return nn.functional.cross_entropy(logits, labels) + logits.std()  # the second is of the whole batch alone


def compare_with_one(counts: list[int]) -> None:
    # Each process holds the whole to compare with; float64, so that only mistakes differ.
    alone, together = build_network(), build_network()
    share_batch_norms(together)
    assert isinstance(together[1], SharedBatchNorm2d)
    together = DistributedDataParallel(together)
    for count in counts:
        images, labels = torch.rand(count, 1, 8, 8, dtype=torch.float64), torch.arange(count) % 2
        torch.distributed.broadcast(images, src=0)
        logits = alone(images)
        (nn.functional.cross_entropy(logits, labels) + logits.std()).backward()
        compute_loss(together, images, labels).backward()
        for one, shared in zip(alone.parameters(), together.parameters(), strict=True):
            torch.testing.assert_close(shared.grad, one.grad, atol=1e-5, rtol=1e-5)
    for one, shared in zip(alone.buffers(), together.buffers(), strict=True):
        torch.testing.assert_close(shared, one, atol=1e-5, rtol=1e-5)


@pytest.mark.slow
def test_gradients_and_running_statistics_are_those_of_one_process() -> None:
    run_processes(compare_with_one, 3, [6, 5, 2])  # slices alike, uneven, and none for one of the three


@pytest.mark.slow
def test_one_process_has_all() -> None:
    outputs = torch.rand(3, 2)
    assert find_own_slice(3) == slice(0, 3) and gather(outputs, 3) is outputs
