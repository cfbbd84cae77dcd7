"""Evaluating a checkpoint on one side of a split."""

from collections.abc import Callable
from typing import Any

import numpy as np

from fracture_core.base import EvaluationError
from fracture_core.datasets import LABELS, LabelledImages
from fracture_core.evaluation.calibration import measure_calibration
from fracture_core.evaluation.calls import measure_calls, measure_points
from fracture_core.evaluation.decision_curve import draw_decision_curve
from fracture_core.evaluation.localisation import find_peaks, measure_localisation
from fracture_core.evaluation.metrics import compute_metrics, draw_weights
from fracture_core.evaluation.records import Evaluation, Leaks, Prediction
from fracture_core.evaluation.subgroups import compute_per_radiograph, compute_subgroups
from fracture_core.networks import Checkpoint, Manifest, decide_call
from fracture_core.reading import calibrate, choose_device, compute_all_margins_and_maps


def evaluate_checkpoint(
    checkpoint: Checkpoint,
    images: LabelledImages,
    *,
    dataset: str,
    fingerprint: str,
    split: str,
    as_published: bool = False,
    leaks: Leaks | None = None,
    device: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Read all images with the checkpoint and compute its figures.

    Args:
        images: the part to evaluate, prepared with the checkpoint's preprocessing.
        dataset, fingerprint, split, as_published, leaks: what the images are, kept with the figures.

    Raises:
        EvaluationError: no images.
        CheckpointDamagedError: the weights are not the ones the manifest names.
    """
    if not images.items:
        raise EvaluationError(
            f"There is nothing to evaluate: '{split}' of '{dataset}' holds no radiograph.",
            "Choose another side with --split.",
        )
    manifest = checkpoint.manifest
    network = checkpoint.load_network().to(choose_device(device))
    margins, maps = compute_all_margins_and_maps(
        network, images.squares, manifest.preprocessing, mirrored=manifest.mirrored, progress=progress
    )
    maps -= manifest.heatmap_floor
    p_fracture = calibrate(margins, manifest.calibration)
    return Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=manifest.weights_sha256,
        dataset=dataset,
        fingerprint=fingerprint,
        split=split,
        as_published=as_published,
        leaks=leaks,
        predictions=_list_predictions(images, p_fracture, maps, manifest),
        localisation=measure_localisation(
            images, maps, p_fracture >= manifest.operating_point.threshold, manifest.heatmap_full_scale
        ),
        **measure(images, p_fracture, manifest),
    )


def measure(images: LabelledImages, p_fracture: np.ndarray, manifest: Manifest) -> dict[str, Any]:
    """Return the fields of ``Evaluation`` that are figures.

    Args:
        p_fracture: ``(N,)`` calibrated, in the order of the images.
    """
    labels, groups = images.labels, np.array([item.group for item in images.items])
    threshold = manifest.operating_point.threshold
    weights = draw_weights(groups)
    return {
        "threshold": threshold,
        "n": len(labels),
        "n_groups": len(np.unique(groups)),
        "n_fractured": int(labels.sum()),
        "metrics": compute_metrics(labels, p_fracture, groups, threshold, weights=weights),
        "per_radiograph": compute_per_radiograph(images, p_fracture, threshold),
        "operating_points": measure_points(labels, p_fracture, manifest, weights),
        "calls": measure_calls(labels, p_fracture, manifest, weights),
        "subgroups": compute_subgroups(images, p_fracture, threshold),
        "calibration": measure_calibration(labels, p_fracture, weights, manifest.calibration.temperature),
        "decision_curve": draw_decision_curve(labels, p_fracture),
    }


def _list_predictions(
    images: LabelledImages, p_fracture: np.ndarray, maps: np.ndarray, manifest: Manifest
) -> tuple[Prediction, ...]:
    threshold, points = manifest.operating_point.threshold, manifest.call_points
    return tuple(
        Prediction(
            name=item.name,
            label=item.label,
            p_fracture=round(float(p), 6),
            correct=bool((p >= threshold) == (LABELS[item.label] == LABELS[1])),
            call=decide_call(float(p), points),
            group=item.group,
            radiograph=radiograph,
            region=item.region,
            views=item.views,
            hardware=item.hardware,
            peak_x=peak.x,
            peak_y=peak.y,
            peak_in_box=peak.in_box,
            width_px=int(width_px),
            height_px=int(height_px),
        )
        for item, p, radiograph, peak, (width_px, height_px) in zip(
            images.items, p_fracture, images.radiographs, find_peaks(images, maps), images.sizes_px, strict=True
        )
    )
