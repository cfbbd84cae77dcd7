"""Do neighbouring file numbers share a label? Then they are views of one exam, and a random split leaks."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditFinding, AuditNeighbours
from fracture_core.datasets.layouts.image_files import read_family

_LEAST_PAIRS = 30  # after each label
_GAP = 0.2
_SURE = 4.0  # standard errors
_NUMBER = re.compile(r"(\d+)$")


def measure_neighbours(evidence: Evidence) -> AuditNeighbours | None:
    """Return how labels follow each other by number; None where numbers are not unique or too few."""
    labels = _number_labels(evidence)
    if labels is None:
        return None
    after: dict[int, list[int]] = {0: [], 1: []}
    for number, label in labels.items():
        if number + 1 in labels:
            after[label].append(labels[number + 1])
    if min(len(after[0]), len(after[1])) < _LEAST_PAIRS:
        return None
    return AuditNeighbours(
        pairs=len(after[0]) + len(after[1]),
        after_fractured=round(sum(after[1]) / len(after[1]), 4),
        after_not_fractured=round(sum(after[0]) / len(after[0]), 4),
    )


def check_neighbours(evidence: Evidence, found: AuditNeighbours | None) -> Iterator[AuditFinding]:
    """Tell it where the gap is wide and sure; a warning where the groups do not hold such runs together."""
    if found is None or abs(found.after_fractured - found.after_not_fractured) < max(_GAP, _SURE * _error(found)):
        return
    together = _share_in_one_group(evidence)
    is_held = together > 0.5
    yield AuditFinding(
        check="neighbouring ids",
        severity="info" if is_held else "warning",
        count=found.pairs,
        text=f"After a fractured file the next number is fractured in {found.after_fractured:.0%}, after another in "
        f"{found.after_not_fractured:.0%}: neighbouring numbers look like views of one exam. "
        f"Runs are kept together as groups for {together:.0%} of these pairs.",
        remedy="" if is_held else "Tell exams or patients in a manifest.csv, so that their views stay on one side.",
    )


def _number_labels(evidence: Evidence) -> dict[int, int] | None:
    """Return label by number, or None where two files share a number."""
    labels: dict[int, int] = {}
    for name, label in _list_numbered(evidence):
        if name in labels:
            return None
        labels[name] = label
    return labels


def _list_numbered(evidence: Evidence) -> Iterator[tuple[int, int]]:
    for item in evidence.items:
        match = _NUMBER.search(read_family(PurePosixPath(item.name).name))
        if match:
            yield int(match.group(1)), item.label


def _share_in_one_group(evidence: Evidence) -> float:
    """Return the share of neighbouring pairs, both fractured, that are in one group."""
    groups = {
        int(match.group(1)): (item.group, item.label)
        for item in evidence.items
        if (match := _NUMBER.search(read_family(PurePosixPath(item.name).name)))
    }
    pairs = [
        (groups[number][0], groups[number + 1][0])
        for number in groups
        if number + 1 in groups and groups[number][1] == groups[number + 1][1] == 1
    ]
    return sum(first == second for first, second in pairs) / max(1, len(pairs))


def _error(found: AuditNeighbours) -> float:
    """Return about the standard error of the difference of the two shares, taken from below."""
    half = found.pairs / 2
    one, other = found.after_fractured, found.after_not_fractured
    return float(((one * (1 - one) + other * (1 - other)) / half) ** 0.5)
