"""A small world for the tests of the gate: a data set of drawn phantoms, and checkpoints with figures on it."""

from pathlib import Path

import numpy as np

from fracture_core.base.files import write_json
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.split_file import SplitFile
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks.checkpoints import Checkpoint, read_checkpoint
from fracture_core.networks.manifest import DataRecord
from tests.tiny_world import THRESHOLD, make_checkpoint, write_dataset

COUNT = 36  # of which the last 24 are the test side
REGIONS = ("hand", "leg")


def write_drawn(directory: Path) -> Path:
    """Write the data set; even files show no fracture."""
    return write_dataset(directory, count=COUNT)


def divide(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the sides: the first 8 files to learn from, 4 to validate, 24 to test."""
    names = sorted((item.name for item in catalog.items), key=lambda name: Path(name).stem)
    return {"train": tuple(names[:8]), "val": tuple(names[8:12]), "test": tuple(names[12:])}


def make_model(
    directory: Path,
    *,
    seed: int,
    skill: float,
    data: str = "drawn",
    sides: dict[str, tuple[str, ...]] | None = None,
    threshold: float = THRESHOLD,
    tested: bool = True,
    recipe: dict[str, str] | None = None,
) -> Checkpoint:
    """Save a checkpoint as a training on the data set leaves it.

    Args:
        seed: of the weights and of the noise in its predictions.
        skill: how far its logits tell the classes apart, in standard deviations of their noise.
        tested: whether it comes with figures of its test side.
    """
    catalog = open_dataset(data)
    sides = sides or divide(catalog)
    make_checkpoint(directory, seed=seed, threshold=threshold)
    checkpoint = read_checkpoint(directory)
    record = DataRecord(name=catalog.name, fingerprint=catalog.fingerprint, image_count=len(catalog.items))
    manifest = checkpoint.manifest.model_copy(update={"data": (record,), "recipe": recipe or {}})
    write_json(directory / "manifest.json", manifest.model_dump(mode="json"))
    write_json(directory / "split.json", SplitFile(datasets={catalog.name: sides}).model_dump(mode="json"))
    checkpoint = read_checkpoint(directory)
    if tested:
        write_evaluations(
            checkpoint.evaluation_path, [invent_evaluation(checkpoint, catalog, sides["test"], seed, skill)]
        )
    return checkpoint


def invent_evaluation(
    checkpoint: Checkpoint, catalog: Catalog, names: tuple[str, ...], seed: int, skill: float
) -> Evaluation:
    """Return an evaluation whose probabilities are drawn, not read."""
    labels_by_name = {item.name: item.label for item in catalog.items}
    labels = np.array([labels_by_name[name] for name in names])
    logits = np.random.default_rng(seed).normal(0, 1, len(names)) + skill * (labels - 0.5)
    p = 1 / (1 + np.exp(-logits))
    threshold = checkpoint.manifest.operating_point.threshold
    predictions = tuple(
        Prediction(
            name=name,
            label=int(label),
            p_fracture=round(float(value), 6),
            correct=bool((value >= threshold) == label),
            group=f"{catalog.name}/{Path(name).stem}",
            radiograph=name,
            region=REGIONS[index % 2 if index < 20 else 0],
        )
        for index, (name, label, value) in enumerate(zip(names, labels, p, strict=True))
    )
    return Evaluation(
        checkpoint=checkpoint.name,
        weights_sha256=checkpoint.manifest.weights_sha256,
        dataset=catalog.name,
        fingerprint=catalog.fingerprint,
        split="test",
        threshold=threshold,
        n=len(names),
        n_groups=len(names),
        n_fractured=int(labels.sum()),
        metrics=compute_metrics(labels, p, np.arange(len(names)), threshold),
        predictions=predictions,
    )
