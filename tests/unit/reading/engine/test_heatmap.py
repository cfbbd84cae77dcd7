"""The heatmap lies on the radiograph, not on the letterbox around it."""

import numpy as np
import pytest

from fracture_core.reading.engine.heatmap import HEATMAP_SIDE_PX, build_heatmap

FULL_SCALE = 12.0


@pytest.mark.parametrize(("width_px", "height_px"), [(400, 200), (200, 400), (300, 300), (1, 5000)])
def test_has_the_radiographs_aspect(width_px: int, height_px: int) -> None:
    heatmap = build_heatmap(np.zeros((14, 14)), width_px, height_px, FULL_SCALE)
    assert max(heatmap.shape) == HEATMAP_SIDE_PX
    expected = max(1, round(HEATMAP_SIDE_PX * min(width_px, height_px) / max(width_px, height_px)))
    assert min(heatmap.shape) == expected
    assert heatmap.dtype == np.float32


def test_peak_stays_where_it_is() -> None:
    activation = np.zeros((14, 14))
    activation[7, 2] = FULL_SCALE  # a cell at the left, half-way down the square
    heatmap = build_heatmap(activation, 400, 200, FULL_SCALE)
    row, column = np.unravel_index(heatmap.argmax(), heatmap.shape)
    assert abs(column / heatmap.shape[1] - 2.5 / 14) < 0.03
    assert abs(row / heatmap.shape[0] - (7.5 / 14 - 0.25) * 2) < 0.06


def test_scale_is_fixed_and_evidence_against_is_zero() -> None:
    half = build_heatmap(np.full((14, 14), FULL_SCALE / 2), 100, 100, FULL_SCALE)
    against = build_heatmap(np.full((14, 14), -5.0), 100, 100, FULL_SCALE)
    beyond = build_heatmap(np.full((14, 14), FULL_SCALE * 9), 100, 100, FULL_SCALE)
    assert half == pytest.approx(0.5, abs=1e-3)
    assert not against.any()
    assert beyond.max() == 1.0
