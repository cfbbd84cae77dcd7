import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Prediction
from fracture_core.failures.curves import count_confusion, count_scores, measure_curves
from fracture_core.failures.patterns import describe_worst_slice, find_worst_slice, measure_overall, measure_slices
from fracture_core.failures.table import FailureTable
from tests.unit.failures.made import draw_predictions, make_evaluation, make_prediction

PREDICTIONS = draw_predictions(240)


def make_region(region: str, groups: int, wrong: int, files: int = 1) -> list[Prediction]:
    """Return a region of so many groups, of which the first are wrong with all their files."""
    return [
        make_prediction(
            f"{region}{group}-{file}", 0, 0.9 if group < wrong else 0.1, region=region, group=f"{region}{group}"
        )
        for group in range(groups)
        for file in range(files)
    ]


def build(*regions: list[Prediction]) -> FailureTable:
    return FailureTable.build(make_evaluation([item for region in regions for item in region]))


def test_a_part_has_its_files_groups_and_errors() -> None:
    slices = measure_slices(FailureTable.build(make_evaluation(PREDICTIONS)))
    part = next(part for part in slices if (part.kind, part.name) == ("region", "hand"))
    inside = [item for item in PREDICTIONS if item.region == "hand"]
    assert part.error.n == len(inside)
    assert part.n_wrong == sum(not item.correct for item in inside)
    assert part.n_groups == len({item.group for item in inside})
    assert part.error.value == pytest.approx(part.n_wrong / len(inside), abs=1e-4)
    assert part.error.low < part.error.value < part.error.high


def test_parts_of_a_kind_hold_all_errors() -> None:
    table = FailureTable.build(make_evaluation(PREDICTIONS))
    errors = sum(not item.correct for item in PREDICTIONS)
    slices = measure_slices(table)
    for kind in ("region", "hardware", "size"):
        assert sum(part.n_wrong for part in slices if part.kind == kind) == errors, kind
    assert measure_overall(table).value == pytest.approx(errors / len(PREDICTIONS), abs=1e-4)


def test_the_worst_part_is_named() -> None:
    table = build(make_region("hand", 60, 40), make_region("leg", 200, 8), make_region("hip", 3, 3))
    slices, overall = measure_slices(table), measure_overall(table)
    worst = find_worst_slice(slices, overall)
    assert worst is not None
    assert worst.name == "hand", "three hips are too few, although all are wrong"
    assert describe_worst_slice(slices, overall).startswith(
        f"Images of the region “hand” stand out: 67% of 60 files are called wrongly ({worst.error.low:.0%} to "
    )
    assert "the 2 parts looked at" in describe_worst_slice(slices, overall)


def test_parts_alike_have_no_worst() -> None:
    table = build(make_region("hand", 60, 9), make_region("leg", 200, 30))
    slices, overall = measure_slices(table), measure_overall(table)
    assert find_worst_slice(slices, overall) is None
    assert describe_worst_slice(slices, overall).startswith("No part stands out: 15% of all files")


def test_copies_are_no_evidence() -> None:
    """Twelve groups of which five are wrong tell as little with 40 copies each as with one."""
    for files in (1, 40):
        table = build(make_region("hand", 12, 5, files), make_region("leg", 60, 12, files))
        assert find_worst_slice(measure_slices(table), measure_overall(table)) is None, files


def test_among_many_parts_chance_makes_none_stand_out() -> None:
    """Twenty parts with one true rate: in few of the draws does one stand out."""
    random, named = np.random.default_rng(3), 0
    for _ in range(20):
        made = [make_region(f"region {number}", 15, int(random.binomial(15, 0.2))) for number in range(20)]
        table = build(*made)
        named += find_worst_slice(measure_slices(table), measure_overall(table)) is not None
    assert named <= 3


def test_a_part_in_which_all_are_wrong_has_the_exact_interval() -> None:
    table = build(make_region("hand", 12, 12), make_region("leg", 100, 5))
    worst = find_worst_slice(measure_slices(table), measure_overall(table))
    assert worst is not None
    assert (worst.error.value, worst.error.high) == (1.0, 1.0)
    assert worst.error.low == pytest.approx(0.025 ** (1 / 12), abs=1e-4)
    assert worst.low_among_many == pytest.approx((0.025 / 2) ** (1 / 12))


@pytest.mark.parametrize("predictions", [[], draw_predictions(8)[:1]])
def test_too_little_to_compare_says_so(predictions: list[Prediction]) -> None:
    table = FailureTable.build(make_evaluation(predictions))
    slices = measure_slices(table)
    assert slices == []
    assert "no parts to compare" in describe_worst_slice(slices, measure_overall(table))
    assert isinstance(measure_overall(table), Metric)


def test_confusion_counts_every_file_once() -> None:
    confusion = count_confusion(make_evaluation(PREDICTIONS))
    for label in (0, 1):
        files = [item for item in PREDICTIONS if item.label == label]
        assert sum(confusion.calls[label].values()) == sum(confusion.called_fractured[label].values()) == len(files)
        assert confusion.called_fractured[label][label == 0] == sum(not item.correct for item in files)
        assert confusion.calls[label]["uncertain"] == sum(item.call == "uncertain" for item in files)


def test_curves_are_those_of_sklearn() -> None:
    curves = measure_curves(make_evaluation(PREDICTIONS))
    labels, scores = [item.label for item in PREDICTIONS], [item.p_fracture for item in PREDICTIONS]
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    assert curves.precision_recall is not None and curves.roc is not None
    np.testing.assert_allclose(curves.precision_recall.precision[::-1], precision[:-1])
    np.testing.assert_allclose(curves.precision_recall.recall[::-1], recall[:-1])
    np.testing.assert_allclose(curves.thresholds[::-1], thresholds)
    assert len(curves.roc.sensitivity) == len(curves.thresholds) + 1
    average = curves.precision_recall.average_precision
    assert average.value == pytest.approx(average_precision_score(labels, scores), abs=1e-4)
    assert average.low < average.value < average.high


def test_operating_points_lie_on_the_curves() -> None:
    curves = measure_curves(make_evaluation(PREDICTIONS))
    assert [point.name for point in curves.points] == ["high_sensitivity", "balanced", "high_specificity"]
    for point in curves.points:
        step = int((curves.thresholds >= point.threshold).sum())
        assert point.sensitivity == pytest.approx(curves.roc.sensitivity[step])
        assert point.false_alarms == pytest.approx(curves.roc.false_alarms[step])
        assert point.precision == pytest.approx(curves.precision_recall.precision[step - 1])


def test_one_class_has_no_curves() -> None:
    for predictions in ([], [make_prediction("a", 1, 0.9), make_prediction("b", 1, 0.2)]):
        curves = measure_curves(make_evaluation(predictions))
        assert curves.roc is None and curves.precision_recall is None


def test_scores_are_counted_by_class() -> None:
    scores = count_scores(make_evaluation(PREDICTIONS), bins=10)
    assert scores.fractured.sum() == sum(item.label for item in PREDICTIONS)
    assert scores.fractured.sum() + scores.not_fractured.sum() == len(PREDICTIONS)
    assert scores.fractured[5:].sum() == sum(item.label == 1 and item.correct for item in PREDICTIONS)
