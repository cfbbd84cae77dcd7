"""A notice where the readers' figures lie clear of the test set's; silence where they do not, or say too little."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fracture_core.base.settings import Settings
from fracture_core.evaluation.kept import find_shipped_evaluations
from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.history.record import override_reading
from fracture_core.records.feedback.drift import LEAST, Drift, DriftSign, compare_with_test, find_drift, find_test
from fracture_core.records.feedback.judged import Judged, read_judged
from fracture_core.records.feedback.records import Consensus
from tests.feedback_world import REFUSED, judge, make_reading
from tests.gate_world import make_model, write_drawn

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    write_drawn(own_settings.data_dir / "drawn")
    return make_model(own_settings.checkpoints_dir / "default", seed=1, skill=9.0)


def make_judged(number: int, called: int, right: int | None, *, days_ago: float = 1.0) -> Judged:
    consensus = Consensus(1, 1) if right is None else Consensus(right, 1 - right)
    return Judged(
        "a" * 32,
        number,
        NOW - timedelta(days=days_ago),
        "b" * 64,
        0,
        "default",
        "c" * 64,
        "wrist",
        "positive" if called else "negative",
        called,
        consensus,
    )


def test_figures_that_lie_clear_are_told(checkpoint: Checkpoint) -> None:
    tested = find_test([*read_tests(checkpoint)])
    assert tested is not None and tested.metrics["sensitivity"].value > 0.9
    judged = [make_judged(number, int(number < 20), 1) for number in range(60)]  # a third of the fractures found
    drift = compare_with_test(judged, tested, NOW)
    assert drift is not None and {sign.figure for sign in drift.signs} == {"accuracy", "sensitivity"}
    assert drift.looks == 2 and all("last 60" in sign.window for sign in drift.signs)
    text = " ".join(drift.sentences)
    assert "right on 33% of those with a fracture" in text and "by chance" in text and "no verdict" in text


def test_nothing_is_told_where_the_intervals_meet_or_few_were_judged(checkpoint: Checkpoint) -> None:
    tested = find_test([*read_tests(checkpoint)])
    right = [make_judged(number, number % 2, number % 2) for number in range(300)]
    assert compare_with_test(right, tested, NOW) is None
    wrong = [make_judged(number, 0, 1) for number in range(LEAST - 1)]
    assert compare_with_test(wrong, tested, NOW) is None
    assert compare_with_test([*wrong, make_judged(99, 0, None)], tested, NOW) is None  # disputed: does not count
    assert compare_with_test([*wrong, make_judged(99, 0, 1)], tested, NOW) is not None


def test_what_is_long_past_is_left_out_of_the_window_of_days(checkpoint: Checkpoint) -> None:
    tested = find_test([*read_tests(checkpoint)])
    recent = [make_judged(number, 0, 1, days_ago=10) for number in range(40)]
    old = [make_judged(number, 1, 1, days_ago=200) for number in range(160)]
    drift = compare_with_test([*recent, *old], tested, NOW)
    assert {sign.window for sign in drift.signs} >= {"the 40 judged radiographs read in the last 90 days"}
    assert compare_with_test(old, tested, NOW) is None


def test_pictures_that_the_gate_refused_say_nothing_of_the_model(checkpoint: Checkpoint) -> None:
    weights = checkpoint.manifest.weights_sha256
    for number in range(LEAST):
        record = make_reading("negative", key=number, model_sha256=weights, suitability=REFUSED)
        override_reading(record.id, "Dr A", "The only view there is.")
        judge(record, 1)
    assert len(read_judged()) == LEAST and find_drift(checkpoint) is None


def test_the_readings_of_the_very_weights_are_counted(checkpoint: Checkpoint) -> None:
    weights = checkpoint.manifest.weights_sha256
    for number in range(LEAST):
        judge(make_reading("negative", key=number, model_sha256=weights), 1)
        judge(make_reading("positive", key=-number - 1, model_sha256="0" * 64), 1)
    drift = find_drift(checkpoint)
    assert drift is not None and drift.checkpoint == "default" and drift.dataset == "drawn"
    assert {sign.judged.n for sign in drift.signs} == {LEAST}


def test_a_model_without_test_figures_or_feedback_says_nothing(own_settings: Settings, checkpoint: Checkpoint) -> None:
    assert find_drift(checkpoint) is None
    write_drawn(own_settings.data_dir / "drawn")
    bare = make_model(own_settings.checkpoints_dir / "bare", seed=2, skill=1.0, tested=False)
    for number in range(LEAST):
        judge(make_reading("negative", key=number, model_sha256=bare.manifest.weights_sha256), 1)
    assert find_drift(bare) is None


def test_a_careful_rule_seldom_speaks_without_cause(checkpoint: Checkpoint) -> None:
    """Of 200 clinics whose readers' figures are truly the test set's, hardly any is told of a drift."""
    tested = find_test([*read_tests(checkpoint)])
    share = tested.metrics["sensitivity"].value
    rng, told = np.random.default_rng(0), 0
    for _ in range(200):
        hits = rng.random(200) < share
        judged = [make_judged(number, int(hit), 1) for number, hit in enumerate(hits)]
        told += compare_with_test(judged, tested, NOW) is not None
    assert told <= 4


def read_tests(checkpoint: Checkpoint) -> list[Evaluation]:
    return find_shipped_evaluations(checkpoint)


def invent_drift() -> Drift:
    """Return a drift for tests of the pages."""
    judged, tested = (Metric(value=v, low=v - 0.1, high=v + 0.1, n=60) for v in (0.4, 0.8))
    return Drift("tiny", "drawn", (DriftSign("sensitivity", "the last 60 judged radiographs", judged, tested),), 2)
