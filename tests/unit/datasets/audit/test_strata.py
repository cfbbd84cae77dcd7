"""Classes by region are counted in radiographs; what is rare is told."""

from dataclasses import replace

from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.strata import TINY, UNKNOWN, check_strata, count_strata
from tests.unit.datasets.audit.made import make_evidence


def check(evidence: Evidence) -> dict[str, int]:
    return {finding.check: finding.count for finding in check_strata(evidence, count_strata(evidence))}


def place(evidence: Evidence, *regions: str | None) -> Evidence:
    items = [replace(item, region=region) for item, region in zip(evidence.items, regions, strict=True)]
    return replace(evidence, items=tuple(items))


def test_every_class_of_every_region_is_listed_also_where_there_is_none() -> None:
    evidence = replace(place(make_evidence([1, 1, 0]), "hand", "hand", None), radiographs=("r", "r", "s"))
    found = {
        (stratum.region, stratum.label): (stratum.files, stratum.radiographs) for stratum in count_strata(evidence)
    }
    assert found == {
        ("hand", "not fractured"): (0, 0),
        ("hand", "fractured"): (2, 1),
        (UNKNOWN, "not fractured"): (1, 1),
        (UNKNOWN, "fractured"): (0, 0),
    }


def test_as_many_of_each_class_as_it_takes_is_no_finding() -> None:
    assert check(make_evidence([0, 1] * TINY)) == {}


def test_a_rare_class_and_few_radiographs_are_told() -> None:
    assert check(make_evidence([0] * 4 * TINY + [1] * (TINY - 1))) == {"imbalance": TINY - 1, "tiny strata": 1}


def test_copies_do_not_make_a_stratum_larger() -> None:
    evidence = make_evidence([0, 1] * TINY)
    halved = [
        name if number % 4 < 2 else evidence.radiographs[number - 2] for number, name in enumerate(evidence.families)
    ]
    assert check(replace(evidence, radiographs=tuple(halved))) == {"tiny strata": 2}


def test_views_are_counted_where_they_are_told() -> None:
    evidence = make_evidence([0, 1] * TINY)
    first, *rest = evidence.items
    seen = replace(evidence, items=(replace(first, views=("frontal", "lateral")), *rest))
    (finding,) = check_strata(seen, count_strata(seen))
    assert (finding.check, finding.count) == ("views", 2) and f"none told {2 * TINY - 1}" in finding.text
