"""From trained weights to a checkpoint with its figures."""

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import torch

from fracture_core.base import FractureError, StageProgress, TrainingError, sync_directory
from fracture_core.datasets import LabelledImages, limit_copies, write_split
from fracture_core.evaluation import (
    LEARNT_BEFORE,
    choose_operating_point,
    choose_operating_points,
    evaluate_checkpoint,
    find_leaking,
    fit_calibration,
    write_evaluations,
    write_tables,
)
from fracture_core.networks import Checkpoint, FractureNetwork, read_checkpoint, round_network_weights, save_checkpoint
from fracture_core.reading import calibrate, compute_all_margins_and_maps, fit_after_training
from fracture_core.training.kept_sides import find_learned_before
from fracture_core.training.prepared import Prepared, record_data, resize
from fracture_core.training.recipes import Recipe, resolve_recipe
from fracture_core.training.runs.run import Run, TrainingRequest
from fracture_core.training.space import build_full_error, is_full_disk

EVALUATED_COPIES = 8  # of one radiograph; more would only repeat it
EMPTY_PERCENTILE, FULL_PERCENTILE = 75, 99  # of map peaks: sound radiographs', and all of validation


def find_result(run: Run) -> Checkpoint | None:
    """Return the checkpoint that the run ended in; None if it has not."""
    return read_checkpoint(run.result_path, run.id) if run.result_path.is_dir() else None


def save_and_evaluate(
    run: Run, network: FractureNetwork, prepared: Prepared, recipe: Recipe, progress: StageProgress
) -> Checkpoint:
    """Calibrate on validation, evaluate on the sides held out, and save it all as the run's result.

    The result is there whole or not at all: an attempt that was stopped amid it is repeated.
    """
    partial = run.directory / "checkpoint.partial"  # the registry looks for "checkpoint" alone
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _build(partial, run, network, prepared, recipe, progress)
        partial.rename(run.result_path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync_directory(run.directory)
    drop_resumable(run)
    return read_checkpoint(run.result_path, run.id)


def drop_resumable(run: Run) -> None:
    """Remove what a finished run could be resumed from: hundreds of MB that the result stands for."""
    for path in (run.best_path, run.resume_path):
        path.unlink(missing_ok=True)


def _build(
    directory: Path, run: Run, network: FractureNetwork, prepared: Prepared, recipe: Recipe, progress: StageProgress
) -> None:
    request = run.read_state().request
    if recipe.weight_bits == 16:
        round_network_weights(network)
    if recipe.reading_size_px:
        prepared = resize(prepared, recipe.reading_size_px, progress)
        network.config = network.config.model_copy(update={"input_size_px": recipe.reading_size_px})
    val = prepared.validation
    margins, maps = compute_all_margins_and_maps(
        network.eval(),
        val.squares,
        prepared.preprocessing,
        mirrored=recipe.mirrored_reading,
        progress=lambda done, total: progress("Calibrating", done, total),
    )
    peaks = maps.max(axis=(1, 2)).astype(np.float64)
    floor = round(float(np.percentile(peaks[val.labels == 0], EMPTY_PERCENTILE)), 2)
    calibration = fit_calibration(margins, val.labels)
    p_fracture = calibrate(margins, calibration)
    balanced = choose_operating_point(p_fracture, val.labels)
    groups = np.array([item.group for item in val.items])
    checkpoint = save_checkpoint(
        directory,
        network,
        {
            "preprocessing": prepared.preprocessing,
            "calibration": calibration,
            "operating_point": balanced,
            "operating_points": choose_operating_points(p_fracture, val.labels, balanced, groups),
            "mirrored": recipe.mirrored_reading,
            "heatmap_floor": floor,
            "heatmap_full_scale": max(1.0, round(float(np.percentile(peaks, FULL_PERCENTILE)) - floor, 2)),
            "recipe": recipe.model_dump(mode="json"),
            "data": record_data(prepared),
            "seed": request.seed,
        },
    )
    checkpoint = Checkpoint(run.id, checkpoint.directory, checkpoint.manifest)
    sides = ["val", "test"] if request.test else ["val"]
    learned_before = find_learned_before(recipe, prepared.parts)
    evaluations = [
        evaluate_checkpoint(
            checkpoint,
            part,
            dataset=catalog.name,
            fingerprint=catalog.fingerprint,
            split=side,
            as_published=request.as_published,
            leaks=find_leaking(part, _list_learnt_groups(prepared, side) | learned_before[side]),
            device=request.device,
            progress=partial(progress, f"Evaluating on {side}"),
        )
        for side in sides
        for catalog in prepared.catalogs
        if (part := _choose_evaluated(prepared, side, catalog.name, request.as_published)).items
    ]
    write_evaluations(checkpoint.evaluation_path, evaluations)
    write_tables(checkpoint.directory, evaluations)
    write_split(checkpoint.split_path, prepared.parts, learned_before)
    fit_after_training(checkpoint, prepared.catalogs, progress)


def _choose_evaluated(prepared: Prepared, side: str, dataset: str, as_published: bool) -> LabelledImages:
    part = prepared.parts[side].of_dataset(dataset)
    return part if as_published else limit_copies(part, EVALUATED_COPIES)


def _list_learnt_groups(prepared: Prepared, side: str) -> set[str]:
    return {item.group for before in LEARNT_BEFORE[side] for item in prepared.parts[before].items}


_CPU_MEMORY = ("can't allocate memory", "not enough memory", "Cannot allocate memory", "bad_alloc")
_PEER_GONE = ("Connection closed by peer", "Connection reset by peer", "Broken pipe", "NCCL error", "Socket Timeout")


def explain_failure(error: Exception, folder: Path, request: TrainingRequest) -> FractureError | None:
    """Return the error to show in the place of one that libraries raised; None for one that nobody expected.

    Args:
        folder: the run's.
        request: what was asked for.
    """
    if isinstance(error, FractureError):
        return error
    if is_full_disk(error):
        return build_full_error(folder)
    text = str(error)
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or any(words in text for words in _CPU_MEMORY):
        recipe = resolve_recipe(request)
        return TrainingError(
            f"There was not enough memory for batches of {recipe.batch_size} at {recipe.input_size_px} px.",
            f"Start again with batches of {max(2, recipe.batch_size // 2)}, or with a smaller input size.",
        )
    if isinstance(error, RuntimeError) and any(words in text for words in _PEER_GONE):
        return TrainingError(
            "Another process of this training has gone; the log may say why.",
            "Resume: it goes on from the last saved step.",
        )
    return None
