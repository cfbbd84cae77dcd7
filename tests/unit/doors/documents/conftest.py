"""Checkpoints of random weights with evaluations of drawings, to write documents about."""

from dataclasses import replace
from pathlib import Path

import pytest

from fracture_core.base.settings import Settings
from fracture_core.datasets.labelled_images import LabelledImages, load_labelled_images
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Box
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.records import Evaluation, Leaks
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.preprocessing import Preprocessing
from tests.tiny_world import INPUT_PX, make_checkpoint, write_dataset


@pytest.fixture
def images(tmp_path: Path, own_settings: Settings) -> LabelledImages:
    """Drawings with regions and marks, as FracAtlas has them."""
    catalog = read_catalog(write_dataset(tmp_path / "drawn"))
    loaded = load_labelled_images([catalog], Preprocessing(input_size_px=INPUT_PX))
    items = tuple(
        replace(
            item,
            region=("hand", "leg")[n % 3 == 0],
            views=("frontal",),
            hardware=n % 4 == 0,
            boxes=(Box(10, 10, 30, 30),) if item.label else (),
        )
        for n, item in enumerate(loaded.items)
    )
    return replace(loaded, items=items)


def measure(
    checkpoint: Checkpoint, images: LabelledImages, *, dataset: str = "FracAtlas", leaky: bool = False
) -> Evaluation:
    return evaluate_checkpoint(
        checkpoint,
        images,
        dataset=dataset,
        fingerprint="f" * 64,
        split="test",
        as_published=leaky,
        leaks=Leaks(radiographs=2, files=5, first=("a.png",)) if leaky else None,
        device="cpu",
    )


@pytest.fixture
def shipped(own_settings: Settings, images: LabelledImages) -> list[Evaluation]:
    """Two checkpoints with their evaluations; the first was measured on a leaky side too."""
    found = []
    for seed, name in enumerate(("default", "other")):
        checkpoint = make_checkpoint(own_settings.checkpoints_dir / name, seed=seed)
        evaluations = [measure(checkpoint, images)]
        if seed == 0:
            evaluations.append(measure(checkpoint, images, dataset="paper", leaky=True))
        write_evaluations(checkpoint.evaluation_path, evaluations)
        found += evaluations
    return found
