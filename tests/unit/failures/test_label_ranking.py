"""How well likely label errors are found: planted ones, and those that people named."""

import numpy as np
import pytest

from fracture_core.failures.label_errors import rank_label_errors
from fracture_core.failures.label_ranking import describe_label_ranking, measure_label_ranking, measure_reviewed_ranking
from fracture_core.failures.reviews.records import Review
from tests.unit.failures.made import draw_predictions, make_evaluation, make_prediction

PREDICTIONS = draw_predictions(800, copies=1)


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
