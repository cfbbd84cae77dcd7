"""The AUROC over resamples against scikit-learn, and DeLong's variance against its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from fracture_core.evaluation.auroc import compute_aurocs, compute_delong

rows_strategy = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 3)), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(rows_strategy)
def test_weighted_area_is_the_area_of_repeated_files(rows: list[tuple[int, bool, int]]) -> None:
    p, labels, weights = (np.array(column) for column in zip(*rows, strict=True))
    area = compute_aurocs(labels, p, weights[np.newaxis].astype(np.float32))[0]
    repeated = labels.repeat(weights)
    if len(np.unique(repeated)) < 2:
        assert np.isnan(area)
    else:
        assert area == pytest.approx(roc_auc_score(repeated, p.repeat(weights)))


def compute_delong_slowly(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By the definition of DeLong et al. 1988: every pair of a fractured and another one."""
    truth = labels.astype(bool)
    positive, negative = scores[:, truth, np.newaxis], scores[:, np.newaxis, ~truth]
    wins = (positive > negative) + 0.5 * (positive == negative)
    m, n = truth.sum(), (~truth).sum()
    return wins.mean(axis=(1, 2)), np.cov(wins.mean(axis=2)) / m + np.cov(wins.mean(axis=1)) / n


@pytest.mark.parametrize("decimals", [1, 8], ids=["with ties", "without ties"])
def test_fast_delong_is_the_definition(decimals: int) -> None:
    random = np.random.default_rng(0)
    labels = (random.uniform(size=80) < 0.3).astype(int)
    scores = np.round(random.normal(labels, 1.0, (3, 80)), decimals)
    areas, covariance = compute_delong(labels, scores)
    slow_areas, slow_covariance = compute_delong_slowly(labels, scores)
    assert areas == pytest.approx(slow_areas)
    assert areas == pytest.approx([roc_auc_score(labels, row) for row in scores])
    assert covariance == pytest.approx(slow_covariance)


def test_delong_by_hand() -> None:
    # Fractured 2 and 3, others 1 and 2.5: wins by fractured 1/2, 1; by others 1, 1/2.
    areas, covariance = compute_delong(np.array([1, 1, 0, 0]), np.array([[2.0, 3.0, 1.0, 2.5]]))
    assert areas[0] == 0.75
    assert covariance[0, 0] == pytest.approx(0.125 / 2 + 0.125 / 2)
