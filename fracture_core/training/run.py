"""One training run, from data to a checkpoint with its figures."""

import logging
import warnings
from pathlib import Path
from typing import Any

from fracture_core.torchvision_compat import ensure_torchvision_imports

ensure_torchvision_imports()  # lightning imports torchvision

import lightning as L  # noqa: E402
import torch  # noqa: E402
from lightning.pytorch.callbacks import EMAWeightAveraging, ModelCheckpoint, TQDMProgressBar  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from fracture_core.data.dataset import LabelledImages  # noqa: E402
from fracture_core.errors import FractureError, TrainingError  # noqa: E402
from fracture_core.evaluation.sides import Progress  # noqa: E402
from fracture_core.incidents import log_incident  # noqa: E402
from fracture_core.reading.devices import choose_device  # noqa: E402
from fracture_core.registry import Checkpoint  # noqa: E402
from fracture_core.run_writer import RunWriter  # noqa: E402
from fracture_core.runs import Run, TrainingRequest, now  # noqa: E402
from fracture_core.stop_request import StopRequest, TrainingStopped  # noqa: E402
from fracture_core.training.callbacks import RunRecorder  # noqa: E402
from fracture_core.training.finish import save_and_evaluate  # noqa: E402
from fracture_core.training.module import FractureModule  # noqa: E402
from fracture_core.training.prepared import prepare_data  # noqa: E402
from fracture_core.training.recipes import Recipe, find_recipe  # noqa: E402
from fracture_core.training.sampling import EpochSampler, RadiographBatches  # noqa: E402
from fracture_core.training.starting_network import build_starting_network  # noqa: E402
from fracture_core.training.teacher import Teacher  # noqa: E402
from fracture_core.turns import take_turn  # noqa: E402

_PATIENCE_S = 120.0  # for a database that is busy when a run begins or ends


def run_training(run: Run, *, progress: Progress | None = None, threads: int | None = None) -> Checkpoint | None:
    """Wait for the run's turn, train as its request says, or go on from its ``last.ckpt``.

    Args:
        threads: CPU threads, where the request does not say; None for all cores.

    The run's state is kept up to date all along, and says why if it fails.

    Returns:
        The new checkpoint in ``run.result_path``, or None if the run was stopped.

    Raises:
        FractureError: the training cannot go on; the state says the same.
    """
    writer, stop = RunWriter(run), StopRequest(run)
    stop.listen()
    if limit := run.read_state().request.threads or threads:
        torch.set_num_threads(limit)

    def end(status: str, reason: str = "", **changes: object) -> None:
        writer.finish(_PATIENCE_S, status=status, reason=reason, ended_at=now(), stop_requested=False, **changes)

    try:
        with take_turn(run, stop):
            writer.finish(_PATIENCE_S, status="starting", reason="", started_at=now(), ended_at=None)
            checkpoint = _train(run, writer, stop, progress or (lambda what, done, total: None))
    except TrainingStopped as stopped:
        end("stopped", str(stopped))
        return None
    except FractureError as error:
        end("failed", str(error))
        raise
    except KeyboardInterrupt:
        end("stopped", "Interrupted from the keyboard.")
        raise
    except Exception as error:
        incident_id = log_incident(error, f"training run {run.id}")
        end("failed", f"Something unexpected happened (id {incident_id}); the log has the details.")
        raise
    end("finished", seconds_left=0.0)
    return checkpoint


def _quiet_lightning() -> None:
    """Keep its tips and its warnings about our own layout out of the run's log."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message="Checkpoint directory .* exists and is not empty")
    warnings.filterwarnings("ignore", message=".*LeafSpec.* is deprecated")
    warnings.filterwarnings("ignore", message=".*does not have many workers")  # batches are served from memory


def _train(run: Run, writer: RunWriter, stop: StopRequest, progress: Progress) -> Checkpoint:
    def report(what: str, done: int, total: int) -> None:
        stop.check()
        progress(what, done, total)

    _quiet_lightning()
    request = run.read_state().request
    recipe = resolve_recipe(request)
    device = choose_device(request.device)
    prepared = prepare_data(request, recipe, report)
    L.seed_everything(request.seed, workers=True, verbose=False)
    network = build_starting_network(recipe)
    teacher = Teacher(recipe.teacher, prepared.preprocessing, device) if recipe.teacher else None
    loader = build_training_loader(prepared.parts["train"], recipe, request.seed)
    total_steps = len(loader) * recipe.epochs
    module = FractureModule(
        network, prepared.preprocessing, recipe, total_steps=total_steps, seed=request.seed, teacher=teacher
    )
    recorder = RunRecorder(writer, stop, total_steps, recipe.epochs)
    writer.write(device=device.type, epochs=recipe.epochs, total_steps=total_steps)
    trainer = _build_trainer(run, recipe, recorder, device.type)
    validation = RadiographBatches(prepared.validation, mirrored=recipe.mirror_copies)
    resume_from = _find_resume(run)
    trainer.fit(
        module,
        loader,
        DataLoader(validation, batch_size=64, collate_fn=lambda batch: batch),
        ckpt_path=resume_from,
        weights_only=True if resume_from else None,  # a pickle is never loaded
    )
    _load_best_weights(module, run)
    return save_and_evaluate(run, module.network.to(device), prepared, recipe, report)


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


def _build_trainer(run: Run, recipe: Recipe, recorder: RunRecorder, device: str) -> L.Trainer:
    callbacks: list[L.Callback] = [recorder, TQDMProgressBar(refresh_rate=5)]
    if recipe.averaging_decay:
        callbacks.append(EMAWeightAveraging(decay=recipe.averaging_decay))
    # After the averaging: a checkpoint holds the averaged weights.
    callbacks.append(ModelCheckpoint(run.directory, "best", monitor="val_auroc", mode="max"))
    # Its own save_last would write only when validation improves, and a resumed run lose the epochs since.
    callbacks.append(ModelCheckpoint(run.directory, "last", enable_version_counter=False))
    return L.Trainer(
        max_epochs=recipe.epochs,
        accelerator=device,
        devices=1,  # a second device would start this program again, as another run
        precision="bf16-mixed" if has_fast_bf16(device) else "32-true",
        callbacks=callbacks,
        logger=False,
        num_sanity_val_steps=0,
        enable_model_summary=False,
        default_root_dir=run.directory,
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


def _find_resume(run: Run) -> Path | None:
    if not run.resume_path.is_file():
        run.drop_metrics_after(-1)  # of an attempt that left nothing to resume from
        return None
    step = torch.load(run.resume_path, map_location="cpu", weights_only=True)["global_step"]
    run.drop_metrics_after(int(step))
    return run.resume_path


def _load_best_weights(module: FractureModule, run: Run) -> None:
    best = torch.load(run.best_path, map_location="cpu", weights_only=True)
    module.load_state_dict(best["state_dict"])
