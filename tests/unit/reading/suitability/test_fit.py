"""Making references: limits come from validation, every data set counts alike, and too few radiographs make none."""

from dataclasses import replace

import numpy as np
import pytest

from fracture_core.base.settings import Settings
from fracture_core.reading.suitability.fit import FAR_FACTOR, SuitabilityEvidence, fit, fit_after_training
from tests.tiny_world import make_checkpoint
from tests.unit.reading.suitability.drawn import draw_features

SOURCES = np.array(["first"] * 150 + ["second"] * 50)
EVIDENCE = SuitabilityEvidence(
    trained=draw_features(200, 0, 1),
    trained_from=SOURCES,
    validation=draw_features(200, 0, 2),
    validation_from=SOURCES,
    inverted=draw_features(60, 2, 3, slice(0, 10)),
    others=None,
)


def test_limits_lie_above_nearly_all_of_validation() -> None:
    made = fit(EVIDENCE, "0" * 64)
    distances = made.measure_distances(EVIDENCE.validation)
    assert (distances > made.look_distance).mean() <= 0.05
    assert made.far_distance == pytest.approx(distances.max() * FAR_FACTOR)
    assert (made.score(EVIDENCE.validation, made.inverted) > made.inverted.limit).mean() <= 0.005 + 1 / 200
    assert (made.score(EVIDENCE.inverted, made.inverted) > made.inverted.limit).mean() > 0.9
    assert made.other is None and made.weights_sha256 == "0" * 64


def test_a_small_data_set_counts_as_much_as_a_large_one() -> None:
    apart = EVIDENCE.trained.copy()
    apart[150:] += 1.0  # the second data set looks otherwise
    made = fit(replace(EVIDENCE, trained=apart), "0" * 64)
    halves = [np.sqrt(part).mean(axis=0) for part in (apart[:150], apart[150:])]
    assert made.mean == pytest.approx((halves[0] + halves[1]) / 2, rel=1e-6)


def test_too_few_radiographs_make_no_references(own_settings: Settings) -> None:
    checkpoint = make_checkpoint(own_settings.checkpoints_dir / "default")
    assert fit_after_training(checkpoint, [], lambda *_: None) is None
