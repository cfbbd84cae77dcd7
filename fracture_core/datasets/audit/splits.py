"""Radiographs and exams on both sides of a split: published, given in a file, or the paper's random one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from fracture_core.base import DatasetError
from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditFinding, AuditLeak, SplitAudit, word_count
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.splits.division import find_leaks, random_split

PUBLISHED, RANDOM = "published", "random"
_RANDOM_FRACTIONS = {"train": 0.9, "val": 0.1}  # the paper's protocol
_GROUP_SAFE = "Divide by the groups of this report (python -m fracture_core train does, with groups of its own)."


class _SplitFile(BaseModel):
    """``split.json`` of a checkpoint: for each data set, the names on each side."""

    model_config = ConfigDict(extra="ignore")

    datasets: dict[str, dict[str, tuple[str, ...]]]


def audit_splits(evidence: Evidence, asked: str | None) -> tuple[SplitAudit, ...]:
    """Return what leaks over the published split, where there is one, and over the one asked for.

    Args:
        asked: "random", the path of a file in the form of ``split.json``, or None.

    Raises:
        DatasetError: the file cannot be read or is of another data set.
    """
    splits: dict[str, dict[str, str]] = {}
    published = {item.name: item.published_split for item in evidence.items if item.published_split}
    if len(set(published.values())) > 1:
        splits[PUBLISHED] = published
    if asked == RANDOM:
        splits[RANDOM] = random_split(evidence.items, seed=0, fractions=_RANDOM_FRACTIONS)
    elif asked:
        splits[Path(asked).name] = _read_split(Path(asked), evidence)
    return tuple(_audit(evidence, name, split) for name, split in splits.items())


def check_splits(splits: tuple[SplitAudit, ...]) -> Iterator[AuditFinding]:
    """One finding a split and kind of leak."""
    for split in splits:
        by_radiograph = [leak for leak in split.leaks if leak.kind == "radiograph"]
        exams = [leak for leak in split.leaks if leak.kind == "exam"]
        if by_radiograph:
            yield AuditFinding(
                check=f"leak, {split.name} split",
                severity="problem",
                count=len(by_radiograph),
                names=sorted({name for leak in by_radiograph for name in leak.examples.values()}),
                text=f"The {split.name} split has {word_count(len(by_radiograph), 'radiograph')} on more than one "
                f"side; {word_count(split.leaking_files, 'held-out file')} of a radiograph in train. "
                "Figures from it are too good.",
                remedy=_GROUP_SAFE,
            )
        if exams:
            yield AuditFinding(
                check=f"exams, {split.name} split",
                severity="warning",
                count=len(exams),
                names=sorted({name for leak in exams for name in leak.examples.values()}),
                text=f"The {split.name} split has {word_count(len(exams), 'further group')} on more than one side.",
                remedy=_GROUP_SAFE,
            )


def _audit(evidence: Evidence, name: str, split: dict[str, str]) -> SplitAudit:
    by_radiograph = [replace(i, group=r) for i, r in zip(evidence.items, evidence.radiographs, strict=True)]
    leaks = _find("radiograph", by_radiograph, split)
    told = {side_name for leak in leaks for side_name in leak.examples.values()}
    group_of = {item.name: item.group for item in evidence.items}
    leaking_groups = {group_of[example] for example in told}
    # An exam is told only where no radiograph of it has been told already.
    leaks += [leak for leak in _find("exam", evidence.items, split) if leak.group not in leaking_groups]
    sides = sorted(set(split.values()))
    held_out = sum(
        count
        for leak in leaks
        if leak.kind == "radiograph" and "train" in leak.files
        for side, count in leak.files.items()
        if side != "train"
    )
    names = {item.name for item in evidence.items}
    files = {side: sum(placed == side and file in names for file, placed in split.items()) for side in sides}
    return SplitAudit(name=name, files=files, leaks=tuple(leaks), leaking_files=held_out)


def _find(kind: str, items: tuple[DatasetItem, ...] | list[DatasetItem], split: dict[str, str]) -> list[AuditLeak]:
    return [
        AuditLeak(
            kind=kind,
            group=leak.group,
            files={side: len(names) for side, names in leak.names.items()},
            examples={side: names[0] for side, names in leak.names.items()},
        )
        for leak in find_leaks(items, split)
    ]


def _read_split(path: Path, evidence: Evidence) -> dict[str, str]:
    try:
        datasets = _SplitFile.model_validate_json(path.read_bytes()).datasets
    except (OSError, ValidationError) as error:
        raise DatasetError(
            f"{path} cannot be read as a split.",
            'It has the form {"datasets": {NAME: {"train": [...], "test": [...]}}}.',
        ) from error
    sides = datasets.get(evidence.catalog.name) or (next(iter(datasets.values())) if len(datasets) == 1 else {})
    split = {name: side for side, names in sides.items() for name in names}
    if not split.keys() & {item.name for item in evidence.items}:
        raise DatasetError(
            f"{path} divides none of the files of '{evidence.catalog.name}' (it is of {', '.join(sorted(datasets))}).",
            "Give the split of this data set.",
        )
    return split
