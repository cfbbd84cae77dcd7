"""The image is brighter the more was crossed, stays in [0, 1], and says that it is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from fracture_core.datasets.phantoms.exposure import (
    Technique,
    blur,
    choose_technique,
    expose,
    make_grain,
    make_mottle,
    stamp_marker,
)

PLAIN = Technique(
    exposure=1.0,
    gamma=1.0,
    fog=0.05,
    falloff=(0.0, 0.0, 0.0),
    blur_px=0.5,
    grain=0.0,
    collimation=(0.0, 0.0, 0.0, 0.0),
    collimation_slope=0.0,
)
RAMP = np.tile(np.linspace(0, 3, 120, dtype=np.float32), (80, 1))


def take(technique: Technique) -> np.ndarray:
    return expose(RAMP, technique, np.random.default_rng(0))


def test_more_attenuation_is_brighter_and_air_is_fog() -> None:
    pixels = take(PLAIN)
    assert pixels.dtype == np.float32 and pixels.shape == RAMP.shape
    assert (np.diff(pixels[40]) >= 0).all() and pixels[40, 0] == pytest.approx(PLAIN.fog, abs=0.01)


def test_a_chosen_technique_stays_in_range() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pixels = take(choose_technique(rng, 1.2, 320))
        assert pixels.min() >= 0 and pixels.max() <= 1


@pytest.mark.parametrize("side", range(4))
def test_each_side_is_covered_by_its_own_blade(side: int) -> None:
    covers = tuple(0.1 if number == side else 0.0 for number in range(4))
    edges = {"left": (40, 2), "top": (2, 60), "right": (40, -3), "bottom": (-3, 60)}
    bright = expose(np.full_like(RAMP, 2.0), replace(PLAIN, collimation=covers), np.random.default_rng(0))
    dark = [name for name, place in edges.items() if bright[place] < 0.2]
    assert dark == [list(edges)[side]]


def test_blur_keeps_the_sum_and_spreads_a_point() -> None:
    point = np.zeros((21, 21), np.float32)
    point[10, 10] = 1
    spread = blur(point, 1.5)
    assert spread.sum() == pytest.approx(1, abs=1e-5) and 0 < spread.max() < 0.2


def test_noise_is_of_about_unit_deviation() -> None:
    rng = np.random.default_rng(0)
    assert make_grain((200, 200), rng).std() == pytest.approx(1, abs=0.1)
    mottle = make_mottle((200, 200), 10.0, rng)
    assert 0.8 < mottle.std() < 1.4
    assert abs(np.diff(mottle, axis=1)).mean() < 0.3, "smooth"


@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_marker_goes_to_the_corner_without_flesh(corner: tuple[int, int]) -> None:
    flesh_mm, pixels = np.ones((50, 50), np.float32), np.zeros((200, 200), np.float32)
    rows, columns = (slice(25 * half, 25 * half + 25) for half in corner)
    flesh_mm[rows, columns] = 0
    stamp_marker(pixels, "L", flesh_mm)
    marked = np.argwhere(pixels > 0.5)
    assert len(marked) and tuple(marked.mean(axis=0) // 100) == corner
