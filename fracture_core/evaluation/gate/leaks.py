"""Radiographs of a test set that a model learned from: by name, by exam, or as a copy in another folder."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from fracture_core.base import DatasetError, StageProgress, get_settings
from fracture_core.datasets import (
    AUDIT_PREPROCESSING,
    CachedImages,
    Catalog,
    DatasetItem,
    cache_images,
    find_catalog,
    find_copies,
    merge_groups,
    name_family,
)
from fracture_core.evaluation.gate.frozen_sets import TestSet
from fracture_core.evaluation.gate.lineage import Learned
from fracture_core.evaluation.gate.report import GateLeak, LeakCheck

_COPIES = 4  # files of one radiograph that are looked at; that they are copies is known by their names
_Key = tuple[str, str]  # data set, name


@dataclass
class _Source:
    """One data set's files that are compared."""

    catalog: Catalog
    test: dict[str, str] = field(default_factory=dict)  # data set as the champion calls it, by file name
    learned: dict[str, str] = field(default_factory=dict)  # as the candidate calls it


def find_learned_tests(
    test_sets: list[TestSet], learned: list[Learned], unknown: list[str], progress: StageProgress
) -> LeakCheck:
    """Look for each radiograph of the test sets in what was learned from.

    Names tell within one data set; across data sets, and under other names, the
    pixels do (see ``copy_search``), and the groups that a data set tells.

    Args:
        unknown: why some of what was learned from is not known, from ``list_learned``.
    """
    leaks = {(leak.dataset, leak.name): leak for leak in _find_by_name(test_sets, learned)}
    sources: dict[Path, _Source] = {}
    unchecked = list(unknown)
    for test_set in test_sets:
        source = _find_source(sources, test_set.dataset, test_set.fingerprint, frozenset(test_set.labels))
        if source is None:
            unchecked.append(f"The radiographs of '{test_set.dataset}' are not on this machine.")
        else:
            source.test |= dict.fromkeys(test_set.labels, test_set.dataset)
    for part in learned:
        source = _find_source(sources, part.dataset, part.fingerprint, part.names)
        if source is None:
            unchecked.append(f"The data set '{part.dataset}', which it learned from, is not on this machine.")
        else:
            source.learned |= dict.fromkeys(part.names, part.dataset)
    try:
        for leak in _find_by_pixels(list(sources.values()), progress):
            leaks.setdefault((leak.dataset, leak.name), leak)
    except DatasetError as error:
        unchecked.append(error.problem)
    return LeakCheck(
        n_checked=sum(len(test_set.labels) for test_set in test_sets),
        n_learned=sum(len(part.names) for part in learned),
        leaks=tuple(leaks[key] for key in sorted(leaks)),
        unchecked=tuple(dict.fromkeys(unchecked)),
    )


def _find_by_name(test_sets: list[TestSet], learned: list[Learned]) -> Iterator[GateLeak]:
    """Yield files of the very same data set; this needs no picture."""
    for test_set in test_sets:
        for part in learned:
            if part.fingerprint == test_set.fingerprint:
                for name in sorted(part.names & test_set.labels.keys()):
                    yield GateLeak(dataset=test_set.dataset, name=name, learned_dataset=part.dataset, learned_name=name)


def _find_source(sources: dict[Path, _Source], dataset: str, fingerprint: str, names: frozenset[str]) -> _Source | None:
    catalog = find_catalog(dataset, fingerprint, names)
    return sources.setdefault(catalog.root, _Source(catalog)) if catalog else None


def _find_by_pixels(sources: list[_Source], progress: StageProgress) -> Iterator[GateLeak]:
    """Yield the test files that share a radiograph or a group with a learned one."""
    if not any(source.test for source in sources) or not any(source.learned for source in sources):
        return
    parts = [_take(number, source, progress) for number, source in enumerate(sources)]
    items = tuple(item for part, _ in parts for item in part.items)
    families = [family for _, families in parts for family in families]
    pairs = find_copies(
        items,
        np.concatenate([part.squares for part, _ in parts]),
        np.concatenate([part.thumbnails for part, _ in parts]),
        np.concatenate([part.sizes_px for part, _ in parts]),
        families,
        cache_dir=get_settings().state_dir / "cache",
        progress=lambda done, total: progress("Looking for copies", done, total),
    )
    tests: list[tuple[DatasetItem, _Key]] = []
    learned: dict[str, _Key] = {}
    for item in merge_groups(items, pairs):
        number, _, name = item.name.partition("/")
        source = sources[int(number)]
        if name in source.test:
            tests.append((item, (source.test[name], name)))
        if name in source.learned:
            learned.setdefault(item.group, (source.learned[name], name))
    for item, (dataset, name) in tests:
        if item.group in learned:
            other, other_name = learned[item.group]
            yield GateLeak(dataset=dataset, name=name, learned_dataset=other, learned_name=other_name)


def _take(number: int, source: _Source, progress: StageProgress) -> tuple[CachedImages, list[str]]:
    """Return the files to compare, their names and groups told from other data sets', and their families.

    The whole data set is decoded as an audit does it, so that one cache serves both.
    """
    images = cache_images(
        source.catalog, AUDIT_PREPROCESSING, progress=lambda done, total: progress("Decoding radiographs", done, total)
    )
    counts: dict[tuple[str, bool], int] = {}
    keep: list[int] = []
    for index, item in enumerate(images.items):
        if item.name in source.test or item.name in source.learned:
            key = (name_family(source.catalog, item), item.name in source.test)
            counts[key] = counts.get(key, 0) + 1
            if counts[key] <= _COPIES or item.name in source.test:
                keep.append(index)
    chosen = [images.items[index] for index in keep]
    named = tuple(replace(item, name=f"{number}/{item.name}", group=f"{number}/{item.group}") for item in chosen)
    families = [f"{number}/{name_family(source.catalog, item)}" for item in chosen]
    part = CachedImages(named, (), images.squares[keep], images.thumbnails[keep], images.sizes_px[keep])
    return part, families
