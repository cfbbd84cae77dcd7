"""One training run, from data to a checkpoint with its figures."""

import logging
import os
import warnings
from pathlib import Path
from typing import Any

from fracture_core.torchvision_compat import ensure_torchvision_imports

ensure_torchvision_imports()  # lightning imports torchvision

import lightning as L  # noqa: E402
import psutil  # noqa: E402
import torch  # noqa: E402
from lightning.pytorch.callbacks import EMAWeightAveraging, ModelCheckpoint, TQDMProgressBar  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from fracture_core.data.dataset import LabelledImages  # noqa: E402
from fracture_core.errors import FractureError, TrainingError  # noqa: E402
from fracture_core.evaluation.sides import Progress  # noqa: E402
from fracture_core.incidents import log_incident  # noqa: E402
from fracture_core.reading.devices import choose_device  # noqa: E402
from fracture_core.registry import Checkpoint  # noqa: E402
from fracture_core.runs import RunFolder, TrainingRequest, now  # noqa: E402
from fracture_core.training.callbacks import RunRecorder, TrainingStopped  # noqa: E402
from fracture_core.training.finish import save_and_evaluate  # noqa: E402
from fracture_core.training.module import FractureModule  # noqa: E402
from fracture_core.training.prepared import prepare_data  # noqa: E402
from fracture_core.training.recipes import Recipe, find_recipe  # noqa: E402
from fracture_core.training.sampling import EpochSampler, RadiographBatches  # noqa: E402
from fracture_core.training.starting_network import build_starting_network  # noqa: E402
from fracture_core.training.teacher import Teacher  # noqa: E402


def run_training(folder: RunFolder, *, progress: Progress | None = None) -> Checkpoint | None:
    """Train as ``folder``'s request says, or go on from its ``last.ckpt``.

    The run's state is kept up to date all along, and says why if it fails.

    Returns:
        The new checkpoint in ``folder.result_path``, or None if the run was stopped.

    Raises:
        FractureError: the training cannot go on; the state says the same.
    """
    process = psutil.Process()
    folder.stop_path.unlink(missing_ok=True)
    folder.update_state(
        status="starting", reason="", ended_at=None, pid=os.getpid(), process_started_s=process.create_time()
    )
    try:
        checkpoint = _train(folder, progress or (lambda what, done, total: None))
    except TrainingStopped:
        folder.update_state(status="stopped", reason="Stopped as asked; it can be resumed.", ended_at=now())
        return None
    except FractureError as error:
        folder.update_state(status="failed", reason=str(error), ended_at=now())
        raise
    except KeyboardInterrupt:
        folder.update_state(status="stopped", reason="Interrupted from the keyboard.", ended_at=now())
        raise
    except Exception as error:
        incident_id = log_incident(error, f"training run {folder.id}")
        reason = f"Something unexpected happened (id {incident_id}); the log has the details."
        folder.update_state(status="failed", reason=reason, ended_at=now())
        raise
    folder.update_state(status="finished", reason="", seconds_left=0.0, ended_at=now())
    return checkpoint


def _quiet_lightning() -> None:
    """Keep its tips and its warnings about our own layout out of the run's log."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message="Checkpoint directory .* exists and is not empty")
    warnings.filterwarnings("ignore", message=".*LeafSpec.* is deprecated")
    warnings.filterwarnings("ignore", message=".*does not have many workers")  # batches are served from memory


def _train(folder: RunFolder, progress: Progress) -> Checkpoint:
    _quiet_lightning()
    request = folder.read_state().request
    recipe = resolve_recipe(request)
    device = choose_device(request.device)
    prepared = prepare_data(request, recipe, progress)
    L.seed_everything(request.seed, workers=True, verbose=False)
    network = build_starting_network(recipe)
    teacher = Teacher(recipe.teacher, prepared.preprocessing, device) if recipe.teacher else None
    loader = build_training_loader(prepared.parts["train"], recipe, request.seed)
    total_steps = len(loader) * recipe.epochs
    module = FractureModule(
        network, prepared.preprocessing, recipe, total_steps=total_steps, seed=request.seed, teacher=teacher
    )
    recorder = RunRecorder(folder, total_steps, recipe.epochs)
    folder.update_state(device=device.type, epochs=recipe.epochs, total_steps=total_steps)
    trainer = _build_trainer(folder, recipe, recorder, device.type)
    validation = RadiographBatches(prepared.validation, mirrored=recipe.mirror_copies)
    resume_from = _find_resume(folder)
    trainer.fit(
        module,
        loader,
        DataLoader(validation, batch_size=64, collate_fn=lambda batch: batch),
        ckpt_path=resume_from,
        weights_only=True if resume_from else None,  # a pickle is never loaded
    )
    _load_best_weights(module, folder)
    return save_and_evaluate(folder, module.network.to(device), prepared, recipe, progress)


def resolve_recipe(request: TrainingRequest) -> Recipe:
    """Return the recipe with the request's own values in the place of its defaults.

    Raises:
        TrainingError: no such recipe.
    """
    own = {"epochs", "learning_rate", "batch_size", "input_size_px", "initial", "teacher"}
    changes = {key: value for key, value in request.model_dump(include=own).items() if value is not None}
    return Recipe.model_validate(find_recipe(request.recipe).model_dump() | changes)


def build_training_loader(images: LabelledImages, recipe: Recipe, seed: int) -> DataLoader[Any]:
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
    batch_size = min(recipe.batch_size, len(sampler))
    return DataLoader(
        RadiographBatches(images, mirrored=recipe.mirror_copies),
        batch_size=batch_size,
        sampler=sampler,
        drop_last=len(sampler) % batch_size == 1,  # BatchNorm cannot work on a batch of one
        collate_fn=lambda batch: batch,  # a batch is served whole
    )


def _build_trainer(folder: RunFolder, recipe: Recipe, recorder: RunRecorder, device: str) -> L.Trainer:
    callbacks: list[L.Callback] = [recorder, TQDMProgressBar(refresh_rate=5)]
    if recipe.averaging_decay:
        callbacks.append(EMAWeightAveraging(decay=recipe.averaging_decay))
    # After the averaging: a checkpoint holds the averaged weights.
    callbacks.append(ModelCheckpoint(folder.directory, "best", monitor="val_auroc", mode="max"))
    # Its own save_last would write only when validation improves, and a resumed run lose the epochs since.
    callbacks.append(ModelCheckpoint(folder.directory, "last", enable_version_counter=False))
    return L.Trainer(
        max_epochs=recipe.epochs,
        accelerator=device,
        devices=1,  # a second device would start this program again, as another run
        precision="bf16-mixed" if has_fast_bf16(device) else "32-true",
        callbacks=callbacks,
        logger=False,
        num_sanity_val_steps=0,
        enable_model_summary=False,
        default_root_dir=folder.directory,
    )


def has_fast_bf16(device: str) -> bool:
    """Return whether bf16 autocast is quicker than float32 on this device."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device == "cpu":
        find_capabilities = getattr(torch.cpu, "get_capabilities", dict)  # older torch does not tell
        capabilities = find_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def _find_resume(folder: RunFolder) -> Path | None:
    if not folder.resume_path.is_file():
        folder.metrics_path.unlink(missing_ok=True)  # of an attempt that left nothing to resume from
        return None
    step = torch.load(folder.resume_path, map_location="cpu", weights_only=True)["global_step"]
    folder.drop_metrics_after(int(step))
    return folder.resume_path


def _load_best_weights(module: FractureModule, folder: RunFolder) -> None:
    best = torch.load(folder.directory / "best.ckpt", map_location="cpu", weights_only=True)
    module.load_state_dict(best["state_dict"])
