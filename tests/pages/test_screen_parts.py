"""The parts of ui/ that can be tested without a page."""

import numpy as np
import pandas as pd
import pytest

from fracture_core.evaluation.metrics import Metric
from fracture_core.radiographs.pictures.overlay import blend_heatmap, shrink_gray
from ui.retrain.curves import smooth
from ui.shared.durations import word_duration
from ui.shared.errors import escape_markdown
from ui.shared.figures import format_figure


def test_cold_heatmap_leaves_the_radiograph_alone() -> None:
    gray = np.random.default_rng(0).integers(0, 256, (40, 30), np.uint8)
    blended = blend_heatmap(gray, np.zeros((14, 14), np.float32), 1.0)
    assert (blended == gray[..., None]).all()


def test_heat_lies_where_the_map_has_it() -> None:
    heatmap = np.zeros((10, 10), np.float32)
    heatmap[2:4, 6:8] = 1.0
    blended = blend_heatmap(np.zeros((100, 100), np.uint8), heatmap, 1.0)
    assert blended[30, 70].max() > 200
    assert blended[80, 20].max() == 0


def test_picture_is_never_enlarged() -> None:
    assert shrink_gray(np.zeros((30, 20), np.uint8), 100).shape == (30, 20)
    assert shrink_gray(np.zeros((300, 150), np.uint8), 100).shape == (100, 50)
    assert shrink_gray(np.zeros((3000, 1), np.uint8), 100).shape == (100, 1)


def test_smoothing_of_a_constant_is_that_constant() -> None:
    assert smooth(pd.Series([0.7] * 5), 0.9).tolist() == pytest.approx([0.7] * 5)
    assert smooth(pd.Series([1.0, 2.0]), 0.0).tolist() == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (3599, "1 h 0 min"), (4800, "1 h 20 min")]
)
def test_duration_in_words(seconds: float, words: str) -> None:
    assert word_duration(seconds) == words


def test_figure_has_interval_and_n() -> None:
    assert (
        format_figure(Metric(value=0.881, low=0.86, high=0.9, n=1640)) == "0.88 (95% interval 0.86 to 0.90, n = 1,640)"
    )
    assert format_figure(Metric(value=None, low=None, high=None, n=0)) == "not defined (n = 0)"


def test_markdown_of_names_is_not_interpreted() -> None:
    assert escape_markdown("a*b_[c]") == r"a\*b\_\[c\]"
