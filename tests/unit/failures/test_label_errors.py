import numpy as np
import pytest

from fracture_core.failures.label_errors import rank_doubts, rank_label_errors
from fracture_core.failures.label_ranking import describe_label_ranking, measure_label_ranking
from tests.unit.failures.made import make_evaluation, make_prediction


def test_doubts_are_those_off_the_diagonal_of_the_confident_joint() -> None:
    """By hand: the thresholds are 0.7 for fractured (0.9, 0.9, 0.3) and 0.65 for not fractured (0.95, 0.9, 0.1)."""
    labels = np.array([1, 1, 1, 0, 0, 0])
    p_fracture = np.array([0.9, 0.9, 0.3, 0.05, 0.1, 0.9])
    assert rank_doubts(labels, p_fracture).tolist() == [5, 2]


def test_a_case_short_of_the_other_class_s_threshold_is_not_doubted() -> None:
    labels = np.array([1, 1, 1, 0, 0, 0])
    p_fracture = np.array([0.9, 0.9, 0.45, 0.05, 0.1, 0.1])  # 0.55 for not fractured, whose threshold is 0.917
    assert rank_doubts(labels, p_fracture).tolist() == []


def test_a_case_above_both_thresholds_belongs_to_the_likelier_class() -> None:
    labels = np.array([1, 1, 0, 0])
    p_fracture = np.array([0.5, 0.3, 0.45, 0.65])  # thresholds 0.4 and 0.45; the first and the third reach both
    assert rank_doubts(labels, p_fracture).tolist() == [1, 3]


def test_planted_errors_come_first() -> None:
    made = [make_prediction(f"{number}", number % 2, 0.9 if number % 2 else 0.1) for number in range(100)]
    made[10] = make_prediction("10", 1, 0.02)
    made[11] = make_prediction("11", 0, 0.97)
    doubts = rank_label_errors(make_evaluation(made))
    assert [(doubt.name, doubt.given, doubt.proposed) for doubt in doubts] == [("10", 1, 0), ("11", 0, 1)]
    assert [doubt.score for doubt in doubts] == [pytest.approx(-0.96), pytest.approx(-0.94)]


def test_copies_are_one_case() -> None:
    made = [make_prediction(f"{number}", number % 2, 0.9 if number % 2 else 0.1) for number in range(40)]
    made += [make_prediction(f"copy {number}", 0, 0.9 + number / 100, radiograph="r") for number in range(5)]
    (doubt,) = rank_label_errors(make_evaluation(made))
    assert (doubt.radiograph, doubt.name, doubt.files) == ("r", "copy 4", 5)


def test_one_class_or_nothing_has_no_doubts() -> None:
    assert rank_label_errors(make_evaluation([])) == []
    assert rank_label_errors(make_evaluation([make_prediction("a", 1, 0.1)])) == []
    assert measure_label_ranking(make_evaluation([make_prediction("a", 1, 0.1)])) is None
    assert "both classes" in describe_label_ranking(None)
