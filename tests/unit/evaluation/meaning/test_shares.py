"""Counts and shares in words: rounded outwards, never blown up."""

from fracture_core.evaluation.meaning.explain import explain_call
from fracture_core.networks.checkpoints import Checkpoint


def test_few_files_are_not_blown_up_to_100(measured: Checkpoint) -> None:
    first = explain_call(measured, "positive").sentences[0]
    assert first.startswith("Of 50 radiographs called positive on the test set Drawn, 45 had a fracture (95% interval")
    assert "too few" not in first
    assert "These are too few to judge by." in explain_call(measured, "uncertain").sentences[0]


def test_an_interval_is_rounded_outwards(measured: Checkpoint) -> None:
    from fracture_core.evaluation.meaning.shares import Share, word_interval, word_share
    from fracture_core.evaluation.metrics import Metric

    metric = Metric(value=0.004, low=0.0012, high=0.0301, n=1000)
    assert word_interval(metric) == "95% interval 0 to 4"
    assert "fewer than 1 had" in word_share(Share(4, 900, metric), "called so", "{} had")
    assert "more than 99 had" in word_share(Share(999, 900, metric), "called so", "{} had")
