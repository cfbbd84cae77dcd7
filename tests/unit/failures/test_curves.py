"""Confusion, curves and scores over all files of an evaluation."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from fracture_core.failures.curves import count_confusion, count_scores, measure_curves
from tests.unit.failures.made import make_evaluation, make_prediction
from tests.unit.failures.test_patterns import PREDICTIONS


def test_confusion_counts_every_file_once() -> None:
    confusion = count_confusion(make_evaluation(PREDICTIONS))
    for label in (0, 1):
        files = [item for item in PREDICTIONS if item.label == label]
        assert sum(confusion.calls[label].values()) == sum(confusion.called_fractured[label].values()) == len(files)
        assert confusion.called_fractured[label][label == 0] == sum(not item.correct for item in files)
        assert confusion.calls[label]["uncertain"] == sum(item.call == "uncertain" for item in files)


def test_curves_are_those_of_sklearn() -> None:
    curves = measure_curves(make_evaluation(PREDICTIONS))
    labels, scores = [item.label for item in PREDICTIONS], [item.p_fracture for item in PREDICTIONS]
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    assert curves.precision_recall is not None and curves.roc is not None
    np.testing.assert_allclose(curves.precision_recall.precision[::-1], precision[:-1])
    np.testing.assert_allclose(curves.precision_recall.recall[::-1], recall[:-1])
    np.testing.assert_allclose(curves.thresholds[::-1], thresholds)
    assert len(curves.roc.sensitivity) == len(curves.thresholds) + 1
    average = curves.precision_recall.average_precision
    assert average.value == pytest.approx(average_precision_score(labels, scores), abs=1e-4)
    assert average.low < average.value < average.high


def test_operating_points_lie_on_the_curves() -> None:
    curves = measure_curves(make_evaluation(PREDICTIONS))
    assert [point.name for point in curves.points] == ["high_sensitivity", "balanced", "high_specificity"]
    for point in curves.points:
        step = int((curves.thresholds >= point.threshold).sum())
        assert point.sensitivity == pytest.approx(curves.roc.sensitivity[step])
        assert point.false_alarms == pytest.approx(curves.roc.false_alarms[step])
        assert point.precision == pytest.approx(curves.precision_recall.precision[step - 1])


def test_one_class_has_no_curves() -> None:
    for predictions in ([], [make_prediction("a", 1, 0.9), make_prediction("b", 1, 0.2)]):
        curves = measure_curves(make_evaluation(predictions))
        assert curves.roc is None and curves.precision_recall is None


def test_scores_are_counted_by_class() -> None:
    scores = count_scores(make_evaluation(PREDICTIONS), bins=10)
    assert scores.fractured.sum() == sum(item.label for item in PREDICTIONS)
    assert scores.fractured.sum() + scores.not_fractured.sum() == len(PREDICTIONS)
    assert scores.fractured[5:].sum() == sum(item.label == 1 and item.correct for item in PREDICTIONS)
