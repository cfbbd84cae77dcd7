"""How long one training step of 32 images at 224 px takes, against plain float32, in one run.

python -m tests.benchmark.training_step
"""

import statistics
import time

import torch
from torch import Tensor

from fracture_core.base.allocator import keep_freed_memory
from fracture_core.networks.inception import NetworkConfig, RadiographiesNet
from fracture_core.networks.preprocessing import Preprocessing
from fracture_core.training.fit import has_fast_bf16
from fracture_core.training.module import FractureModule
from fracture_core.training.recipes import Recipe

BATCH, SIDE_PX, ROUNDS = 32, 224, 5


def build_step(*, fast: bool) -> tuple[FractureModule, torch.optim.Optimizer]:
    torch.manual_seed(0)
    module = FractureModule(
        RadiographiesNet(NetworkConfig(in_channels=1)),
        Preprocessing(mean=0.2, std=0.2),
        Recipe(name="step", summary="cross-entropy alone"),
        total_steps=1,
        seed=0,
    )
    module.log = lambda *_, **__: None  # no trainer listens
    if not fast:
        module.network.to(memory_format=torch.contiguous_format)
    return module.train(), torch.optim.Adam(module.parameters(), lr=1e-3)


def time_step(
    module: FractureModule, optimizer: torch.optim.Optimizer, batch: tuple[Tensor, ...], *, fast: bool
) -> float:
    started_s = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=fast and has_fast_bf16("cpu")):
        loss = module.training_step(batch, 0)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return time.perf_counter() - started_s


def main() -> None:
    batch = (
        torch.randint(0, 256, (BATCH, SIDE_PX, SIDE_PX), dtype=torch.uint8),
        torch.randint(0, 2, (BATCH,)),
        torch.zeros(BATCH, SIDE_PX // 4, SIDE_PX // 4, dtype=torch.uint8),
    )
    steps = {fast: build_step(fast=fast) for fast in (True, False)}
    times_s: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS + 1):  # in turn, so that a busy moment meets both
        for fast, (module, optimizer) in steps.items():
            elapsed_s = time_step(module, optimizer, batch, fast=fast)
            if number:  # the first one warms up
                times_s[fast].append(elapsed_s)
    is_kept = keep_freed_memory(all_of_it=True)  # of the whole process, so that it can only come last
    kept_times_s = [time_step(*steps[True], batch, fast=True) for _ in range(ROUNDS + 1)][1:]
    quick_s, plain_s, kept_s = (statistics.median(times) for times in (times_s[True], times_s[False], kept_times_s))
    print(f"bf16, channels-last: {quick_s:.2f} s a step; plain float32: {plain_s:.2f} s; ratio {plain_s / quick_s:.2f}")
    if is_kept:
        print(f"the same with memory kept between steps: {kept_s:.2f} s; ratio {plain_s / kept_s:.2f}")


if __name__ == "__main__":
    main()
