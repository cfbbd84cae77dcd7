"""Heatmaps with a known peak against known boxes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.datasets.layouts.items import Box, DatasetItem
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.localisation import (
    TOLERANCE,
    find_peaks,
    measure_distances,
    measure_localisation,
    measure_picture,
)
from fracture_core.reading.engine.inference import compute_all_margins_and_maps
from tests.tiny_world import make_checkpoint

SIDE = 16  # cells of a map's side
FULL_SCALE = 10.0


def make_images(sizes_px: list[tuple[int, int]], boxes: list[tuple[Box, ...]], label: int = 1) -> LabelledImages:
    items = tuple(
        DatasetItem(Path(f"{n}.png"), f"{n}.png", label, group=f"g{n}", region=("hand", "leg")[n % 2], boxes=marks)
        for n, marks in enumerate(boxes)
    )
    return LabelledImages(
        items=items,
        excluded=(),
        squares=np.zeros((len(items), 32, 32), np.uint8),
        labels=np.full(len(items), label),
        sizes_px=np.array(sizes_px),
        radiographs=tuple(item.name for item in items),
        datasets=("set",) * len(items),
    )


def make_map(row: int, column: int) -> np.ndarray:
    activation = np.zeros((SIDE, SIDE), np.float32)
    activation[row, column] = FULL_SCALE
    return activation


def test_peak_inside_and_outside_a_box() -> None:
    box = Box(0, 0, 100, 100)  # the top left quarter
    images = make_images([(200, 200)] * 2, [(box,), (box,)])
    inside, outside = find_peaks(images, np.stack([make_map(3, 4), make_map(12, 4)]))
    assert inside.in_box is True and outside.in_box is False
    assert inside.x == pytest.approx(4.5 / SIDE, abs=0.02) and inside.y == pytest.approx(3.5 / SIDE, abs=0.02)


@pytest.mark.parametrize(("size_px", "cell"), [((400, 200), (8, 2)), ((200, 400), (2, 8))])
def test_letterboxed_pictures(size_px: tuple[int, int], cell: tuple[int, int]) -> None:
    """The map's cell at the start of the long side, half-way of the square: half-way of the short side too."""
    width_px, height_px = size_px
    at_start = Box(0, height_px * 0.3, width_px * 0.3, height_px * 0.4)
    if height_px > width_px:
        at_start = Box(width_px * 0.3, 0, width_px * 0.4, height_px * 0.3)
    at_end = Box(
        width_px - at_start.x - at_start.width,
        height_px - at_start.y - at_start.height,
        at_start.width,
        at_start.height,
    )
    images = make_images([size_px] * 2, [(at_start,), (at_end,)])
    maps = np.stack([make_map(*cell)] * 2)
    assert [peak.in_box for peak in find_peaks(images, maps)] == [True, False]
    assert [peak.in_box for peak in find_peaks(images, maps[:, ::-1, ::-1])] == [False, True]


def test_any_of_several_boxes_counts() -> None:
    boxes = (Box(150, 150, 40, 40), Box(30, 30, 40, 40))
    images = make_images([(200, 200)], [boxes])
    assert find_peaks(images, make_map(3, 3)[np.newaxis])[0].in_box
    assert find_peaks(images, make_map(13, 13)[np.newaxis])[0].in_box
    assert not find_peaks(images, make_map(3, 13)[np.newaxis])[0].in_box


def test_figures_of_a_map_that_is_the_box() -> None:
    distances = measure_distances([Box(25, 25, 50, 50)], 100, 100, (100, 100))
    figures = measure_picture(np.where(distances == 0, FULL_SCALE, 0.0), distances, FULL_SCALE)
    assert figures["pointing"] == figures["energy"] == figures["iou"] == figures["iou at least 0.3"] == 1
    assert figures["centre"] == 1 and figures["random"] == pytest.approx(0.25)
    assert figures["random tolerant"] > figures["random"]


def test_figures_of_a_map_that_is_the_same_all_over() -> None:
    distances = measure_distances([Box(0, 0, 20, 50)], 100, 100, (100, 100))
    figures = measure_picture(np.full((100, 100), FULL_SCALE), distances, FULL_SCALE)
    assert figures["energy"] == figures["iou"] == pytest.approx(0.1) == figures["random"]
    assert figures["centre"] == 0


def test_map_without_evidence_finds_nothing() -> None:
    distances = measure_distances([Box(40, 40, 20, 20)], 100, 100, (100, 100))
    figures = measure_picture(np.full((100, 100), -3.0), distances, FULL_SCALE)
    assert figures["energy"] == figures["iou"] == 0


def test_tolerance_reaches_beyond_the_box() -> None:
    distances = measure_distances([Box(400, 400, 100, 100)], 1000, 500, (50, 100))
    for gap_px, near in ((20, 1.0), (60, 0.0)):
        evidence = np.zeros((50, 100))
        evidence[45, (400 - gap_px) // 10 - 1] = 1.0
        figures = measure_picture(evidence, distances, FULL_SCALE)
        assert figures["pointing"] == 0 and figures["pointing tolerant"] == near


def test_figures_by_region_and_call() -> None:
    box = Box(0, 0, 100, 100)
    images = make_images([(200, 200)] * 3, [(box,)] * 3)
    maps = np.stack([make_map(3, 3), make_map(12, 12), make_map(3, 3)])
    found = measure_localisation(images, maps, np.array([True, False, True]), FULL_SCALE)
    assert found is not None and (found.n, found.n_groups) == (3, 3)
    assert found.figures["pointing"].value == pytest.approx(2 / 3, abs=1e-4)
    assert found.by_region["hand"]["pointing"].value == found.by_call["called"]["pointing"].value == 1
    assert found.by_region["leg"]["pointing"].value == found.by_call["missed"]["pointing"].value == 0
    assert found.by_region["hand"]["pointing"].n == 2


def test_nothing_marked_gives_none() -> None:
    maps, called = np.zeros((1, SIDE, SIDE)), np.array([True])
    unmarked = make_images([(200, 200)], [()])
    assert measure_localisation(unmarked, maps, called, FULL_SCALE) is None
    assert find_peaks(unmarked, maps)[0].in_box is None
    not_fractured = make_images([(200, 200)], [(Box(0, 0, 9, 9),)], label=0)
    assert measure_localisation(not_fractured, maps, called, FULL_SCALE) is None


def test_evaluation_keeps_peaks_from_its_one_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = make_images([(200, 100)] * 3, [(Box(0, 0, 100, 100),), (Box(0, 0, 200, 100),), ()])
    passes: list[int] = []

    def count(network, squares, preprocessing, **options):
        passes.append(len(squares))
        return compute_all_margins_and_maps(network, squares, preprocessing, **options)

    monkeypatch.setattr("fracture_core.evaluation.evaluator.compute_all_margins_and_maps", count)
    checkpoint = make_checkpoint(tmp_path / "tiny")
    evaluation = evaluate_checkpoint(checkpoint, images, dataset="set", fingerprint="f", split="test", device="cpu")
    assert passes == [3]
    assert [prediction.peak_in_box for prediction in evaluation.predictions][1:] == [True, None]
    assert all(0 <= p.peak_x <= 1 and 0 <= p.peak_y <= 1 for p in evaluation.predictions)
    assert evaluation.localisation is not None and evaluation.localisation.n == 2
    hits = [prediction.peak_in_box for prediction in evaluation.predictions[:2]]
    assert evaluation.localisation.figures["pointing"].value == np.mean(hits)


shares = st.floats(0, 1)


@settings(max_examples=50, deadline=None)
@given(
    size_px=st.tuples(st.integers(20, 3000), st.integers(20, 3000)),
    corner=st.tuples(shares, shares),
    extent=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
    seed=st.integers(0, 99),
)
def test_figures_are_shares_whatever_the_picture(
    size_px: tuple[int, int], corner: tuple[float, float], extent: tuple[float, float], seed: int
) -> None:
    width_px, height_px = size_px
    box = Box(corner[0] * width_px, corner[1] * height_px, extent[0] * width_px, extent[1] * height_px)
    images = make_images([size_px], [(box,)])
    maps = np.random.default_rng(seed).normal(0, 5, (1, SIDE, SIDE)).astype(np.float32)
    found = measure_localisation(images, maps, np.array([True]), FULL_SCALE)
    peak = find_peaks(images, maps)[0]
    assert found is not None
    assert all(0 <= metric.value <= 1 for metric in found.figures.values())
    assert found.figures["pointing"].value == float(peak.in_box)
    for name in ("pointing", "centre", "random"):
        assert found.figures[name].value <= found.figures[f"{name} tolerant"].value
    assert 0 < peak.x < 1 and 0 < peak.y < 1 and found.tolerance == TOLERANCE
