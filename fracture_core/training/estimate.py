"""How long a training will take, from a few steps measured on drawn noise; no data are needed."""

import math
import statistics
import time

import torch

from fracture_core.networks import Preprocessing
from fracture_core.reading import choose_device
from fracture_core.training.fit import has_fast_bf16
from fracture_core.training.module import FractureModule
from fracture_core.training.pace import FORWARD_SHARE
from fracture_core.training.recipes import Recipe, resolve_recipe
from fracture_core.training.runs.run import TrainingRequest
from fracture_core.training.sampling import Batch
from fracture_core.training.starting_network import build_starting_network
from fracture_core.training.teacher import Teacher

WARM_UP_STEPS, MEASURED_STEPS = 2, 3
VALIDATION_SHARE = 0.15 / 0.65  # of a division's validation part to its training part; see datasets/splits/partition.py


def measure_step_s(request: TrainingRequest) -> float:
    """Return the seconds of one training step: the median of three, after two that warm up.

    Raises:
        TrainingError, CheckpointError: no such recipe, or what it starts from or learns from is not here.
        DeviceError: the device is not there.
    """
    recipe = resolve_recipe(request)
    device = choose_device(request.device)
    module, optimizer = _build(recipe, device)
    batch = _draw_batch(recipe.batch_size, recipe.input_size_px, device)
    times_s = [_time_step(module, optimizer, batch, device) for _ in range(WARM_UP_STEPS + MEASURED_STEPS)]
    return statistics.median(times_s[WARM_UP_STEPS:])


def estimate_training_s(request: TrainingRequest, train_count: int, step_s: float | None = None) -> float:
    """Return the seconds of all epochs and their validations, without decoding before and evaluating after.

    Args:
        train_count: radiographs an epoch, before mirror images.
        step_s: as measured; None to measure it now.
    """
    recipe = resolve_recipe(request)
    step_s = measure_step_s(request) if step_s is None else step_s
    steps = math.ceil(train_count * (2 if recipe.mirror_copies else 1) / recipe.batch_size)
    validation_s = steps * VALIDATION_SHARE * FORWARD_SHARE * step_s
    processes = request.devices * request.num_nodes
    return recipe.epochs * (steps * step_s + validation_s) / processes


def _build(recipe: Recipe, device: torch.device) -> tuple[FractureModule, torch.optim.Optimizer]:
    preprocessing = Preprocessing(
        input_size_px=recipe.input_size_px,
        channels=recipe.in_channels,
        stretch_percentiles=recipe.stretch_percentiles,
    )
    teacher = Teacher(recipe.teacher, preprocessing, device) if recipe.teacher else None
    # Weights that are downloaded or copied take no part in a step's time.
    network = build_starting_network(recipe.model_copy(update={"initial": "random"}))
    module = FractureModule(network, preprocessing, recipe, total_steps=1, seed=0, teacher=teacher).to(device).train()
    module.log = module.log_dict = lambda *_, **__: None  # type: ignore[method-assign,assignment]  # no trainer listens
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    return module, torch.optim.AdamW(trained, lr=recipe.learning_rate)


def _draw_batch(count: int, side_px: int, device: torch.device) -> Batch:
    random = torch.Generator().manual_seed(0)
    squares = torch.randint(0, 256, (count, side_px, side_px), dtype=torch.uint8, generator=random)
    masks = torch.zeros((count, side_px // 4, side_px // 4), dtype=torch.uint8)
    return squares.to(device), (torch.arange(count) % 2).to(device), masks.to(device)


def _time_step(module: FractureModule, optimizer: torch.optim.Optimizer, batch: Batch, device: torch.device) -> float:
    started_s = time.perf_counter()
    with torch.autocast(device.type, torch.bfloat16, enabled=has_fast_bf16(device.type)):
        loss = module.training_step(batch, 0)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without types
    optimizer.step()
    loss.item()  # waits for a graphics processor
    return time.perf_counter() - started_s
