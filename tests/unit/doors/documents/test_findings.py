"""Answers and sentences are computed from the figures."""

from fracture_core.doors.documents.findings import find_extremes, find_hardware, find_small
from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Evaluation, Prediction, Subgroup


def make_metric(value: float, n: int = 100) -> Metric:
    return Metric(value=value, low=round(value - 0.02, 4), high=round(value + 0.02, 4), n=n)


def make_evaluation(**changes: object) -> Evaluation:
    values = {
        "checkpoint": "default",
        "weights_sha256": "0" * 64,
        "dataset": "FracAtlas",
        "fingerprint": "f",
        "split": "test",
        "threshold": 0.5,
        "n": 100,
        "n_groups": 50,
        "n_fractured": 20,
        "metrics": {"auroc": make_metric(0.89)},
        "predictions": (),
    }
    return Evaluation.model_validate(values | changes)


def test_extremes_name_the_part_and_its_n() -> None:
    parts = tuple(
        Subgroup(
            kind="region",
            name=name,
            n=n * 2,
            n_groups=n,
            n_fractured=n,
            metrics={"sensitivity": make_metric(value, n), "specificity": make_metric(0.8, n)},
        )
        for name, value, n in (("hand", 0.9, 40), ("shoulder", 0.5, 8))
    )
    evaluation = make_evaluation(subgroups=parts)
    sensitivity = find_extremes(evaluation)[0]
    assert "lowest in shoulder (0.500 [0.480, 0.520], n = 8, few)" in sensitivity and "highest in hand" in sensitivity
    assert find_small(evaluation) == "Too few fractures to judge by (under 20): shoulder (8)."
    assert find_extremes(make_evaluation()) == [] and find_small(make_evaluation()) == ""


def test_hardware_is_counted() -> None:
    predictions = tuple(
        Prediction(name=str(n), label=label, p_fracture=0.5, correct=True, group="g", radiograph="r", hardware=hardware)
        for n, (label, hardware) in enumerate([(1, True), (1, True), (0, False), (1, False), (0, False), (0, False)])
    )
    sentence = find_hardware(make_evaluation(predictions=predictions))
    assert "2 radiographs with visible hardware 100% are fractured, of the 4 others 25%" in sentence
    assert find_hardware(make_evaluation(predictions=predictions[:2])) == ""


def test_extremes_pass_over_small_parts_where_larger_ones_are() -> None:
    parts = tuple(
        Subgroup(
            kind="region",
            name=name,
            n=n,
            n_groups=n,
            n_fractured=n,
            metrics={"sensitivity": make_metric(value, n), "specificity": Metric(value=None, low=None, high=None, n=0)},
        )
        for name, value, n in (("hand", 0.9, 40), ("leg", 0.7, 30), ("hip", 0.1, 1))
    )
    (sentence,) = find_extremes(make_evaluation(subgroups=parts))
    assert "lowest in leg" in sentence and "highest in hand" in sentence
