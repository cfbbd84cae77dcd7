"""Runs of one label under neighbouring numbers."""

from fracture_core.datasets.audit.neighbours import check_neighbours, measure_neighbours
from tests.unit.datasets.audit.made import COIN, make_evidence


def test_runs_of_one_label_are_neighbours() -> None:
    evidence = make_evidence([number // 5 % 2 for number in range(300)])
    found = measure_neighbours(evidence)
    assert found is not None and found.after_fractured > 0.7 > 0.3 > found.after_not_fractured
    assert next(check_neighbours(evidence, found)).severity == "warning"
    grouped = make_evidence([number // 5 % 2 for number in range(300)], groups=[str(n // 5) for n in range(300)])
    assert next(check_neighbours(grouped, found)).severity == "info"


def test_labels_by_chance_are_no_neighbours() -> None:
    evidence = make_evidence(COIN)
    assert list(check_neighbours(evidence, measure_neighbours(evidence))) == []
