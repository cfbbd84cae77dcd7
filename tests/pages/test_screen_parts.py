"""The parts of ui/ that can be tested without a page."""

import pandas as pd
import pytest

from fracture_core.evaluation.metrics import Metric
from ui.retrain.curves import smooth
from ui.shared.durations import word_duration
from ui.shared.errors import escape_markdown
from ui.shared.figures import format_figure


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
