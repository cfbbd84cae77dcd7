"""Figures by part, and by radiograph where a set has copies."""

from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.settings import Settings
from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.evaluation.calls import measure_calls, measure_points
from fracture_core.evaluation.metrics import draw_weights
from fracture_core.evaluation.subgroups import compute_per_radiograph, compute_subgroups
from fracture_core.networks.checkpoints import find_checkpoint
from tests.tiny_world import make_checkpoint


def make_images(rows: list[tuple[int, str | None, tuple[str, ...], bool | None]], copies: int = 1) -> LabelledImages:
    rows = [row for row in rows for _ in range(copies)]
    items = tuple(
        DatasetItem(Path(str(n)), f"set/{n}", label, f"set/{n // copies}", region, views, hardware)
        for n, (label, region, views, hardware) in enumerate(rows)
    )
    return LabelledImages(
        items=items,
        excluded=(),
        squares=np.zeros((len(items), 1, 1), np.uint8),
        labels=np.array([item.label for item in items]),
        sizes_px=np.ones((len(items), 2)),
        radiographs=tuple(item.group for item in items),
        datasets=("set",) * len(items),
    )


IMAGES = make_images(
    [
        (1, "hand", ("frontal",), True),
        (0, "hand", ("frontal", "lateral"), False),
        (0, "leg", ("lateral",), None),
        (0, "leg", (), None),
    ]
)
P = np.array([0.9, 0.6, 0.2, 0.1])


def test_parts_hold_what_is_known_to_belong_to_them() -> None:
    parts = {(part.kind, part.name): part for part in compute_subgroups(IMAGES, P, 0.5)}
    assert {key: part.n for key, part in parts.items()} == {
        ("region", "hand"): 2,
        ("region", "leg"): 2,
        ("view", "frontal"): 2,
        ("view", "lateral"): 2,
        ("hardware", "hardware visible"): 1,
        ("hardware", "no hardware"): 1,
    }
    assert parts["region", "hand"].metrics["accuracy"].value == 0.5
    assert parts["view", "lateral"].n_fractured == 0


def test_part_of_one_class_has_no_auroc() -> None:
    leg = next(part for part in compute_subgroups(IMAGES, P, 0.5) if part.name == "leg")
    assert leg.metrics["auroc"].value is None and leg.metrics["sensitivity"].value is None
    assert leg.metrics["specificity"].value == 1.0


def test_copies_are_averaged_to_one_radiograph() -> None:
    assert compute_per_radiograph(IMAGES, P, 0.5) is None
    copied = make_images([(1, None, (), None), (0, None, (), None)], copies=3)
    figures = compute_per_radiograph(copied, np.array([0.9, 0.8, 0.1, 0.2, 0.7, 0.0]), 0.5)
    assert (figures.n, figures.n_groups, figures.n_fractured) == (2, 2, 1)
    assert figures.metrics["accuracy"].value == 1.0  # 0.6 and 0.3 on average, though one copy of each is called wrongly


def test_calls_are_counted_by_label(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default", threshold=0.5, zone=(0.15, 0.7))
    manifest = find_checkpoint().manifest
    weights = draw_weights(np.arange(4))
    calls = measure_calls(IMAGES.labels, P, manifest, weights)
    assert calls.fractured == {"positive": 1, "uncertain": 0, "negative": 0}
    assert calls.not_fractured == {"positive": 0, "uncertain": 2, "negative": 1}
    assert calls.uncertain.value == 0.5 and calls.accuracy_of_certain.value == 1.0 and calls.accuracy_of_certain.n == 2
    points = measure_points(IMAGES.labels, P, manifest, weights)
    assert list(points) == ["high_sensitivity", "balanced", "high_specificity"]
    assert [point.metrics["specificity"].value for point in points.values()] == pytest.approx(
        [1 / 3, 2 / 3, 1], abs=1e-4
    )
