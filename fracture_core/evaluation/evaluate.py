"""Evaluating a checkpoint on one side of a split."""

from collections.abc import Callable

import numpy as np

from fracture_core.data.dataset import LabelledImages
from fracture_core.data.items import LABELS
from fracture_core.errors import EvaluationError
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.operating_points import call_of
from fracture_core.reading.devices import choose_device
from fracture_core.reading.inference import calibrate, compute_margins
from fracture_core.registry import Checkpoint, Manifest


def evaluate(
    checkpoint: Checkpoint,
    images: LabelledImages,
    *,
    dataset: str,
    fingerprint: str,
    split: str,
    device: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Read all images with the checkpoint and compute its figures.

    Args:
        images: the part to evaluate, prepared with the checkpoint's preprocessing.
        dataset, fingerprint, split: what the images are, kept with the figures.

    Raises:
        EvaluationError: no images.
        CheckpointDamagedError: the weights are not the ones the manifest names.
    """
    if not images.items:
        raise EvaluationError(f"There is nothing to evaluate: '{split}' of '{dataset}' holds no radiograph.")
    manifest = checkpoint.manifest
    network = checkpoint.load_network().to(choose_device(device))
    margins, _ = compute_margins(network, images.squares, manifest.preprocessing, progress=progress)
    p_fracture = calibrate(margins, manifest.calibration)
    threshold = manifest.operating_point.threshold
    groups = np.array([item.group for item in images.items])
    return Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=manifest.weights_sha256,
        dataset=dataset,
        fingerprint=fingerprint,
        split=split,
        threshold=threshold,
        n=len(images.items),
        n_groups=len(np.unique(groups)),
        n_fractured=int(images.labels.sum()),
        metrics=compute_metrics(images.labels, p_fracture, groups, threshold),
        predictions=_list_predictions(images, p_fracture, manifest),
    )


def _list_predictions(images: LabelledImages, p_fracture: np.ndarray, manifest: Manifest) -> tuple[Prediction, ...]:
    threshold, points = manifest.operating_point.threshold, manifest.call_points
    return tuple(
        Prediction(
            name=item.name,
            label=item.label,
            p_fracture=round(float(p), 6),
            correct=bool((p >= threshold) == (LABELS[item.label] == LABELS[1])),
            call=call_of(float(p), points),
            group=item.group,
            radiograph=radiograph,
            region=item.region,
            views=item.views,
            hardware=item.hardware,
        )
        for item, p, radiograph in zip(images.items, p_fracture, images.radiographs, strict=True)
    )
