"""An audit finds each fault that was planted, and is silent without."""

import pytest

from fracture_core.datasets.audit.report import AuditReport
from tests.unit.datasets.audit.made import find

PLANTED = {
    "truncated": ("train/not fractured/cut.jpg",),
    "unreadable": ("train/not fractured/text.png",),
    "unsupported": ("train/not fractured/other.bmp",),
    "stray file": ("stray.png",),
    "same bytes": ("train/fractured/d.png", "train/fractured/zz.png"),
    "same pixels": ("train/fractured/d.png", "train/fractured/zy.png", "train/fractured/zz.png"),
    "families": ("train/fractured/f-rotated1.png", "train/fractured/f-rotated2.png", "train/fractured/f.png"),
    "two labels": ("train/fractured/disputed.png", "train/not fractured/e.png"),
}


@pytest.mark.parametrize("check", PLANTED)
def test_planted_fault_is_found_by_its_names(check: str, planted: AuditReport) -> None:
    finding = find(planted, check)
    assert finding is not None and finding.names == PLANTED[check]
    assert finding.count > 0 and finding.text and finding.severity != "info"


def test_clean_set_is_told_clean(clean: AuditReport) -> None:
    assert {finding.check for finding in clean.findings if finding.severity != "info"} == {"tiny strata"}
    assert clean.n_radiographs == clean.n_readable == clean.n_groups == 24
    assert clean.pairs == () and clean.copies == {1: 24}
    assert clean.splits[0].leaks == ()
    assert clean.n_problems == 0


def test_groups_hold_all_copies(planted: AuditReport) -> None:
    copies = ["train/fractured/d.png", "train/fractured/zz.png", "train/fractured/zy.png", "val/fractured/leak.png"]
    assert len({planted.groups[name] for name in copies}) == 1
    assert len(set(planted.groups.values())) == planted.n_groups == 24
    # d and its three copies; f and its two; e and its mirror image.
    assert planted.copies == {1: 21, 2: 1, 3: 1, 4: 1}
