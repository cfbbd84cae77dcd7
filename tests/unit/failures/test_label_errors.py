import numpy as np
import pytest

from fracture_core.failures.changes import compare_failures
from fracture_core.failures.label_errors import rank_doubts, rank_label_errors
from fracture_core.failures.label_ranking import describe_label_ranking, measure_label_ranking, measure_reviewed_ranking
from fracture_core.failures.reviews.records import Review
from tests.unit.failures.made import draw_predictions, make_evaluation, make_prediction

PREDICTIONS = draw_predictions(800, copies=1)


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


def test_a_good_network_finds_most_planted_errors_and_a_blind_one_finds_chance() -> None:
    sharp = [make_prediction(item.name, item.label, 0.97 if item.label else 0.03) for item in PREDICTIONS]
    random = np.random.default_rng(1)
    blind = [make_prediction(item.name, item.label, float(random.uniform())) for item in PREDICTIONS]
    good, chance = (measure_label_ranking(make_evaluation(made), draws=50) for made in (sharp, blind))
    assert good is not None and chance is not None
    assert (good.planted, good.cases) == (40, 800)
    assert (good.found.mean, good.precision.mean) == (1.0, 1.0)
    assert chance.found.mean == pytest.approx(chance.by_chance, abs=0.03)
    assert chance.by_chance == pytest.approx(50 / 800)


def test_no_more_can_be_found_than_are_looked_at() -> None:
    ranking = measure_label_ranking(make_evaluation(PREDICTIONS), first=10, draws=20)
    assert ranking is not None
    assert ranking.at_most == pytest.approx(10 / 40)
    assert ranking.found.high <= ranking.at_most
    assert ranking.found.low <= ranking.found.mean <= ranking.found.high
    assert ranking == measure_label_ranking(make_evaluation(PREDICTIONS), first=10, draws=20), "seeded"
    assert "Of 40 labels turned on purpose among 800 radiographs, the first 10" in describe_label_ranking(ranking)


def test_few_radiographs_are_all_looked_at() -> None:
    ranking = measure_label_ranking(make_evaluation(PREDICTIONS[:20]), draws=5)
    assert describe_label_ranking(ranking) == "There are 20 radiographs only: look at all of them."


def test_labels_that_people_hold_to_be_wrong() -> None:
    evaluation = make_evaluation(PREDICTIONS)
    assert measure_reviewed_ranking(evaluation, {}) is None
    first = rank_label_errors(evaluation)[:2]
    sure = max(PREDICTIONS, key=lambda item: item.p_fracture if item.label else 1 - item.p_fracture)
    reviews = {doubt.name: Review(proposed_label=doubt.proposed) for doubt in first}
    reviews |= {
        sure.name: Review(proposed_label=1 - sure.label),
        PREDICTIONS[0].name: Review(proposed_label=PREDICTIONS[0].label),
    }
    found = measure_reviewed_ranking(evaluation, reviews)
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(2 / 3, abs=1e-4), 3)


def test_changes_are_of_files_that_both_have() -> None:
    now = [make_prediction("fixed", 1, 0.9), make_prediction("new", 0, 0.9), make_prediction("still", 1, 0.1)]
    now += [
        make_prediction("right", 0, 0.1),
        make_prediction("only here", 0, 0.9),
        make_prediction("relabelled", 1, 0.1),
    ]
    before = [make_prediction("fixed", 1, 0.1), make_prediction("new", 0, 0.1), make_prediction("still", 1, 0.2)]
    before += [
        make_prediction("right", 0, 0.2),
        make_prediction("only there", 0, 0.9),
        make_prediction("relabelled", 0, 0.1),
    ]
    changes = compare_failures(make_evaluation(now), make_evaluation(before))
    assert (changes.fixed, changes.new, changes.still, changes.compared) == (("fixed",), ("new",), ("still",), 4)
    assert compare_failures(make_evaluation(now), make_evaluation(before, dataset="another")).compared == 0
