"""Figures against counts done by hand, and intervals that know about groups."""

import numpy as np
import pytest

from fracture_core.base.errors import EvaluationError
from fracture_core.evaluation.metrics import compute_metrics, compute_shares, draw_weights

LABELS = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
P = np.array([0.9, 0.8, 0.7, 0.2, 0.6, 0.3, 0.2, 0.1, 0.1, 0.0])


def test_figures_against_counts_by_hand() -> None:
    metrics = compute_metrics(LABELS, P, np.arange(10), 0.5)
    assert metrics["accuracy"].value == 0.8
    assert metrics["sensitivity"].value == 0.75 and metrics["sensitivity"].n == 4
    assert metrics["specificity"].value == pytest.approx(5 / 6, abs=1e-4) and metrics["specificity"].n == 6
    assert metrics["ppv"].value == 0.75 and metrics["ppv"].n == 4
    assert metrics["npv"].value == pytest.approx(5 / 6, abs=1e-4) and metrics["npv"].n == 6
    # Of the 24 pairs, 0.9, 0.8 and 0.7 win all six; 0.2 wins three, ties one.
    assert metrics["auroc"].value == pytest.approx((18 + 3 + 0.5) / 24, abs=1e-4)


def test_interval_holds_the_value_and_is_deterministic() -> None:
    first = compute_metrics(LABELS, P, np.arange(10), 0.5)
    assert first == compute_metrics(LABELS, P, np.arange(10), 0.5)
    for metric in first.values():
        assert metric.low <= metric.value <= metric.high


def test_copies_do_not_make_an_interval_narrower() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 60)
    p = np.clip(labels * 0.3 + random.uniform(0, 0.7, 60), 0, 1)
    alone = compute_metrics(labels, p, np.arange(60), 0.5)["accuracy"]
    copied = compute_metrics(np.tile(labels, 40), np.tile(p, 40), np.tile(np.arange(60), 40), 0.5)["accuracy"]
    as_files = compute_metrics(np.tile(labels, 40), np.tile(p, 40), np.arange(2400), 0.5)["accuracy"]
    assert copied.value == alone.value
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, abs=0.02)
    assert as_files.high - as_files.low < 0.5 * (alone.high - alone.low)


def test_figure_without_a_base_is_not_defined() -> None:
    metrics = compute_metrics(np.array([0, 0]), np.array([0.1, 0.2]), np.arange(2), 0.5)
    assert metrics["sensitivity"].value is None and metrics["sensitivity"].n == 0
    assert metrics["auroc"].value is None
    assert metrics["specificity"].value == 1.0


def test_nothing_to_evaluate_is_told() -> None:
    with pytest.raises(EvaluationError, match="nothing to evaluate"):
        compute_metrics(np.array([]), np.array([]), np.array([]), 0.5)


def test_all_right_is_not_certain() -> None:
    metrics = compute_metrics(np.array([1, 0, 0, 0]), np.array([0.9, 0.1, 0.2, 0.3]), np.array([0, 1, 1, 2]), 0.5)
    assert (metrics["sensitivity"].value, metrics["sensitivity"].low) == (1.0, 0.025)
    assert metrics["specificity"].low == pytest.approx(0.025 ** (1 / 2), abs=1e-4)  # two groups, not three files
    assert (metrics["auroc"].value, metrics["auroc"].low, metrics["auroc"].high) == (1.0, 0.025, 1.0)


def test_one_group_is_one_trial_however_many_files() -> None:
    sensitivity = compute_metrics(np.array([1, 1, 0, 0]), np.array([0.9, 0.1, 0.2, 0.3]), np.array([0, 0, 1, 2]), 0.5)[
        "sensitivity"
    ]
    assert sensitivity.value == 0.5
    assert sensitivity.low < 0.02 and sensitivity.high > 0.98


def test_shares_of_weights_are_shares_of_repeated_files() -> None:
    random = np.random.default_rng(0)
    hit, base = random.uniform(size=50) < 0.5, random.uniform(size=50) < 0.5
    weights = draw_weights(random.integers(0, 20, 50))
    shares = compute_shares(hit, base, weights)
    for row, share in zip(weights[:20].astype(int), shares, strict=False):
        assert share == pytest.approx(hit.repeat(row)[base.repeat(row)].mean())
    assert (weights[0] == 1).all() and weights.shape == (1001, 50)
