"""Nothing is quadratic: ten times the files read each prediction as often as before."""

import cProfile
import pstats

import pytest

from fracture_core.failures.facets import count_facets
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.selection import select_failures
from fracture_core.failures.table import FailureTable
from tests.unit.failures.made import draw_predictions, draw_reviews, make_evaluation


def count_calls(count: int, step: str) -> int:
    """Return how many Python calls a step takes over so many files."""
    predictions = draw_predictions(count, copies=1)
    evaluation, reviews = make_evaluation(predictions), draw_reviews(predictions)
    table = FailureTable.build(evaluation, reviews, evaluation)
    filters = FailureFilters(show="all", search="image", regions=("hand", "leg", "shoulder"), tags=())
    steps = {
        "build": lambda: FailureTable.build(evaluation, reviews, evaluation),
        "select": lambda: select_failures(table, filters),
        "facets": lambda: count_facets(table, filters),
    }
    profile = cProfile.Profile()
    profile.runcall(steps[step])
    return int(pstats.Stats(profile).total_calls)


@pytest.mark.parametrize("step", ["build", "select", "facets"])
def test_calls_grow_no_faster_than_files(step: str) -> None:
    assert count_calls(2000, step) < 12 * count_calls(200, step)
