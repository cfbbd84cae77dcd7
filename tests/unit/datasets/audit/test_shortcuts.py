"""What tells the label without a look at the bone is told; what does not is not."""

from collections.abc import Callable

import numpy as np
import pytest

from fracture_core.datasets.audit.evidence import FileFacts
from fracture_core.datasets.audit.shortcuts import check_shortcuts, measure_shortcuts
from tests.unit.datasets.audit.made import COIN, change, make_evidence


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
