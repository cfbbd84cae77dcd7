"""A set of many small images made from a few drawn phantoms, with a model and an evaluation of it that are made too."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints, decide_call
from tests.tiny_world import THRESHOLD, make_checkpoint

NAME = "made"
REGIONS, VIEWS = ("hand", "leg", "hip", "shoulder"), ("frontal", "lateral", "oblique")
DRAWINGS, SIZE_PX = 24, 384
ZONE = (0.3, 0.5)


def make_set(root: Path, count: int) -> None:
    """Write images, a manifest.csv, a checkpoint and its ``evaluation.json``; what is there already stays."""
    evaluation_path = root / "checkpoints" / "tiny" / "evaluation.json"
    if evaluation_path.is_file():
        return
    _write_images(root / "data" / NAME, count)
    checkpoint = make_checkpoint(root / "checkpoints" / "tiny", zone=ZONE)
    evaluation = invent_evaluation(checkpoint, read_catalog(root / "data" / NAME))
    write_evaluations(evaluation_path, [evaluation])


def _write_images(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawings = [
        np.rint(draw_phantom(seed, region="forearm", fractured=seed % 2 == 1, size_px=SIZE_PX).pixels * 255)
        for seed in range(DRAWINGS)
    ]
    rng = np.random.default_rng(0)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "label", "region", "view", "hardware"))
        for number in range(count):
            drawing = drawings[number % DRAWINGS]
            grain = rng.normal(0, 6, drawing.shape)
            picture = (drawing * rng.uniform(0.7, 1.1) + grain).clip(0, 255).astype(np.uint8)
            Image.fromarray(picture).save(folder / f"{number:05d}.jpg", quality=70)
            region, view = REGIONS[number % len(REGIONS)], VIEWS[number % len(VIEWS)]
            writer.writerow((f"{number:05d}.jpg", number % 2, region, view, int(number % 7 == 0)))


def invent_evaluation(checkpoint: Checkpoint, catalog: Catalog) -> Evaluation:
    """Return an evaluation whose probabilities are drawn, not read."""
    labels = np.array([item.label for item in catalog.items])
    logits = np.random.default_rng(1).normal(0, 1, len(labels)) + 2.6 * (labels - 0.5)
    p_fracture = 1 / (1 + np.exp(-logits))
    points = OperatingPoints(
        high_sensitivity=OperatingPoint(threshold=ZONE[0]), high_specificity=OperatingPoint(threshold=ZONE[1])
    )
    predictions = tuple(
        Prediction(
            name=item.name,
            label=item.label,
            p_fracture=round(float(p), 6),
            correct=bool((p >= THRESHOLD) == item.label),
            call=decide_call(float(p), points),
            group=f"{NAME}/{item.name}",
            radiograph=f"{NAME}/{item.name}",
            region=item.region,
            views=item.views,
            hardware=item.hardware,
            width_px=SIZE_PX,
            height_px=SIZE_PX,
        )
        for item, p in zip(catalog.items, p_fracture, strict=True)
    )
    return Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=checkpoint.manifest.weights_sha256,
        dataset=NAME,
        fingerprint=catalog.fingerprint,
        split="test",
        threshold=THRESHOLD,
        n=len(labels),
        n_groups=len(labels),
        n_fractured=int(labels.sum()),
        predictions=predictions,
        metrics=compute_metrics(labels, p_fracture, np.arange(len(labels)), THRESHOLD),
    )
