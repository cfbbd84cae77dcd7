"""Figures in words."""

from fracture_core.doors.documents.markdown import build_table, word_list, word_metric
from fracture_core.evaluation.metrics import Metric
from tests.unit.doors.documents.test_findings import make_metric


def test_words() -> None:
    assert build_table(("a", "b"), [("x|y", 1)]).splitlines() == ["| a | b |", "| --- | --- |", "| x\\|y | 1 |"]
    assert word_metric(Metric(value=None, low=None, high=None, n=0)) == word_metric(None)
    assert word_metric(make_metric(0.5), "AS PUBLISHED") == "0.500 [0.480, 0.520] (AS PUBLISHED)"
    assert word_list(["a", "b", "c"]) == "a, b and c" and word_list(["a"]) == "a"
