import numpy as np
import pytest

from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Prediction
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
