"""The part of a run that all its processes do: Lightning's training, from prepared data to the last epoch."""

import logging
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from torch.utils.data import DataLoader

from fracture_core.base import TrainingError
from fracture_core.datasets import LabelledImages
from fracture_core.reading import choose_device
from fracture_core.training.callbacks import FiniteGradients, RunRecorder
from fracture_core.training.checkpoints import RunCheckpoints, WholeCheckpointIO
from fracture_core.training.lightning_imports import (
    DDPStrategy,
    EMAWeightAveraging,
    L,
    LightningEnvironment,
    TorchElasticEnvironment,
    TQDMProgressBar,
)
from fracture_core.training.module import FractureModule
from fracture_core.training.pace import Pace
from fracture_core.training.prepared import Prepared
from fracture_core.training.processes import Processes, count_started
from fracture_core.training.recipes import Recipe
from fracture_core.training.runs.run import Run, TrainingRequest
from fracture_core.training.runs.writer import RunWriter
from fracture_core.training.sampling import EpochBatches, EpochSampler, RadiographBatches
from fracture_core.training.starting_network import build_starting_network
from fracture_core.training.synchrony import share_batch_norms
from fracture_core.training.teacher import Teacher

VALIDATION_BATCH = 64


def fit(
    run: Run,
    request: TrainingRequest,
    recipe: Recipe,
    prepared: Prepared,
    processes: Processes,
    resume_from: Path | None,
    find_stop_reason: Callable[[], str],
    listen: Callable[[], None],
    writer: RunWriter | None = None,
) -> FractureModule:
    """Train to the end of the last epoch, or from ``resume_from`` on.

    Args:
        find_stop_reason, listen: see ``RunCheckpoints``.
        writer: of the leader; None in the other processes.

    Raises:
        TrainingStopped: it was asked to stop; ``last.ckpt`` is there to resume from.
        TrainingError: it cannot go on.
    """
    _quiet_lightning()
    device = _choose_own_device(request.device, processes)
    L.seed_everything(request.seed, workers=True, verbose=False)
    network = build_starting_network(recipe)
    teacher = Teacher(recipe.teacher, prepared.preprocessing, device) if recipe.teacher else None
    batches = build_training_batches(prepared.parts["train"], recipe, request.seed)
    if batches.batch_size < processes.count:
        raise TrainingError(
            f"A batch of {batches.batch_size} cannot be divided among {processes.count} processes.",
            "Choose a larger batch, or fewer devices.",
        )
    total_steps = len(batches) * recipe.epochs
    module = FractureModule(
        network, prepared.preprocessing, recipe, total_steps=total_steps, seed=request.seed, teacher=teacher
    )
    if processes.count > 1:
        share_batch_norms(network)
    validation = RadiographBatches(prepared.validation, mirrored=recipe.mirror_copies)
    checkpoints = RunCheckpoints(run, processes, find_stop_reason, listen)
    callbacks: list[L.Callback] = [TQDMProgressBar(refresh_rate=5), FiniteGradients(checkpoints)]
    if recipe.averaging_decay:
        callbacks.append(EMAWeightAveraging(decay=recipe.averaging_decay))
    if writer is not None:
        pace = Pace(total_steps, len(batches), len(validation) / batches.batch_size)
        callbacks.append(RunRecorder(writer, pace, total_steps, recipe.epochs, batches.batch_size))
        writer.write(device=device.type, epochs=recipe.epochs, total_steps=total_steps)
    callbacks.append(checkpoints)  # after the averaging: a checkpoint holds the averaged weights
    _build_trainer(run, recipe, callbacks, device.type, processes).fit(
        module,
        batches,
        DataLoader(validation, batch_size=VALIDATION_BATCH, collate_fn=lambda batch: batch),
        ckpt_path=resume_from,
        weights_only=True if resume_from else None,  # a pickle is never loaded
    )
    return module


def build_training_batches(images: LabelledImages, recipe: Recipe, seed: int) -> EpochBatches:
    """Return the batches of an epoch, drawn anew for each.

    Raises:
        TrainingError: there is nothing to make a batch of.
    """
    sampler = EpochSampler(
        images,
        seed=seed,
        balanced=recipe.balanced,
        copies_per_epoch=recipe.copies_per_epoch,
        mirrored=recipe.mirror_copies,
    )
    if len(sampler) < 2:
        raise TrainingError("The training part holds fewer than two radiographs.", "Add radiographs.")
    radiographs = RadiographBatches(images, mirrored=recipe.mirror_copies)
    return EpochBatches(radiographs, sampler, min(recipe.batch_size, len(sampler)))


def has_fast_bf16(device: str) -> bool:
    """Return whether bf16 autocast is quicker than float32 on this device."""
    if device == "cuda":
        result: bool = torch.cuda.is_bf16_supported(including_emulation=False)
        return result
    if device == "cpu":
        find_capabilities = getattr(torch.cpu, "get_capabilities", dict)  # older torch does not tell
        capabilities: dict[str, bool] = find_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def _choose_own_device(name: str, processes: Processes) -> torch.device:
    device = choose_device(name)
    if processes.count == 1:
        return device
    if device.type == "mps":
        raise TrainingError("Several processes cannot share this graphics processor.", "Use --devices 1.")
    here, gpus = count_started((1, 1))[0], torch.cuda.device_count()
    if device.type == "cuda" and here > gpus:
        raise TrainingError(
            f"{here} processes were asked for on this machine, one a GPU, but it has {gpus}.",
            "Ask for as many devices as there are GPUs.",
        )
    return torch.device("cuda", processes.local_rank) if device.type == "cuda" else device


def _build_trainer(
    run: Run, recipe: Recipe, callbacks: list[L.Callback], device: str, processes: Processes
) -> L.Trainer:
    here, machines = count_started((1, 1))
    together = processes.count > 1
    return L.Trainer(
        max_epochs=recipe.epochs,
        accelerator=device,
        devices=here,
        num_nodes=machines,
        strategy=DDPStrategy() if together else "auto",
        plugins=[WholeCheckpointIO(), TorchElasticEnvironment() if together else LightningEnvironment()],
        use_distributed_sampler=False,  # each process is given the whole batch, and takes its slice
        precision="bf16-mixed" if has_fast_bf16(device) else "32-true",
        callbacks=callbacks,
        logger=False,
        num_sanity_val_steps=0,
        enable_model_summary=False,
        default_root_dir=run.directory,
    )


def _quiet_lightning() -> None:
    """Keep its tips and its warnings about our own layout out of the run's log."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    logging.getLogger("lightning.fabric").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=".*LeafSpec.* is deprecated")
    warnings.filterwarnings("ignore", message=".*does not have many workers")  # batches are served from memory
    warnings.filterwarnings("ignore", message=".*sync_dist=True")  # all processes see all outputs
