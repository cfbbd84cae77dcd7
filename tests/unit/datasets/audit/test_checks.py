"""Checks that look at numbers: shortcuts and neighbouring ids, on evidence made by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fracture_core.datasets.audit.evidence import Evidence, FileFacts
from fracture_core.datasets.audit.files import check_tables
from fracture_core.datasets.audit.neighbours import check_neighbours, measure_neighbours
from fracture_core.datasets.audit.shortcuts import check_shortcuts, measure_shortcuts
from fracture_core.datasets.layouts.items import Catalog, DatasetItem, Exclusion

PLAIN = FileFacts("", "", 1000, "PNG", 100, 100, 0.3, 0.2, 0.1, 0.0)


def make_evidence(
    labels: list[int],
    facts: list[FileFacts] | None = None,
    *,
    groups: list[str] | None = None,
    hardware: list[bool] | None = None,
    excluded: tuple[Exclusion, ...] = (),
) -> Evidence:
    names = [f"IMG{number:05}.png" for number in range(len(labels))]
    items = tuple(
        DatasetItem(Path(name), name, label, groups[n] if groups else name, hardware=hardware[n] if hardware else None)
        for n, (name, label) in enumerate(zip(names, labels, strict=True))
    )
    catalog = Catalog("made", Path(), "manifest", items, excluded)
    return Evidence(catalog, items, {}, tuple(facts or [PLAIN] * len(items)), tuple(names), tuple(names), ())


def change(**values: object) -> FileFacts:
    return FileFacts(**(vars(PLAIN) | values))


COIN = np.random.default_rng(0).integers(0, 2, 300).tolist()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("width", lambda label: change(width_px=200 if label else 100)),
        ("mean brightness", lambda label: change(mean=0.6 if label else 0.3)),
        ("file format", lambda label: change(source_type="JPEG" if label else "PNG")),
        ("share of white", lambda label: change(white_share=0.2 * label)),
    ],
)
def test_planted_shortcut_is_flagged(name: str, make: Callable[[int], FileFacts]) -> None:
    found = {item.name: item for item in measure_shortcuts(make_evidence(COIN, [make(label) for label in COIN]))}
    assert found[name].flagged and found[name].auroc > 0.95
    assert found[name].low <= found[name].auroc <= found[name].high


def test_noise_is_no_shortcut() -> None:
    noise = np.random.default_rng(1).uniform(0, 1, len(COIN))
    found = measure_shortcuts(make_evidence(COIN, [change(mean=float(value)) for value in noise]))
    assert [item.name for item in found] == ["mean brightness"]
    assert not found[0].flagged and found[0].low < 0.5 < found[0].high + 0.05


def test_what_tells_the_group_and_not_the_label_is_no_shortcut() -> None:
    # Ten files a group, one brightness each: by files it would tell the label, by groups it cannot.
    random = np.random.default_rng(2)
    group_labels, brightness = random.integers(0, 2, 60), random.uniform(0, 1, 60)
    labels = [int(label) for label in group_labels for _ in range(10)]
    facts = [change(mean=float(value)) for value in brightness for _ in range(10)]
    groups = [str(number) for number in range(60) for _ in range(10)]
    assert not measure_shortcuts(make_evidence(labels, facts, groups=groups))[0].flagged


def test_too_few_groups_tell_nothing() -> None:
    assert measure_shortcuts(make_evidence([0, 1] * 10)) == ()


def test_hardware_that_comes_with_one_label_is_told() -> None:
    hardware = [bool(label) and number % 5 == 0 for number, label in enumerate(COIN)]
    checks = {finding.check: finding for finding in check_shortcuts(make_evidence(COIN, hardware=hardware), ())}
    assert checks["hardware"].severity == "warning" and checks["hardware"].count == sum(hardware)
    even = [number % 5 == 0 for number in range(len(COIN))]
    checks = {finding.check: finding for finding in check_shortcuts(make_evidence(COIN, hardware=even), ())}
    assert checks["hardware"].severity == "info"


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


def test_tables_are_told_by_kind() -> None:
    reasons = {
        "a": "in dataset.csv but the file is missing",
        "b": "has no row in dataset.csv",
        "c": "lies in Fractured but dataset.csv says not fractured",
        "d": "lies in no class folder",
        "e": "odd",
    }
    evidence = make_evidence([0, 1], excluded=tuple(Exclusion(*pair) for pair in reasons.items()))
    found = {finding.check: finding.names for finding in check_tables(evidence)}
    assert found == {
        "row without file": ("a",),
        "file without row": ("b",),
        "label against folder": ("c",),
        "stray file": ("d",),
        "left out": ("e",),
    }
