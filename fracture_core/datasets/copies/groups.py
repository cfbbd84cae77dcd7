"""Give copies of one radiograph one group, and name those that are labelled both ways."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from fracture_core.datasets.copies.pairs import CopyPair
from fracture_core.datasets.layouts.items import DatasetItem


def name_label_conflicts(pairs: Sequence[CopyPair]) -> list[str]:
    """Return the names of the copies of a radiograph that is labelled both ways, sorted.

    A copy of a copy counts: with two labels for one radiograph, none can be trusted.
    """
    names = {name for pair in pairs for name in (pair.first, pair.second)}
    root = join_linked_names(names, ((pair.first, pair.second) for pair in pairs))
    disputed = {root[pair.first] for pair in pairs if not pair.same_label}
    return sorted(name for name in names if root[name] in disputed)


def find_overruled(
    items: Sequence[DatasetItem], pairs: Sequence[CopyPair], reviewed: Collection[str]
) -> frozenset[str]:
    """Return the names of copies whose label people have corrected: a reviewed copy has the other one.

    Args:
        reviewed: names of the items whose label people have looked at; where two of
            them disagree on one radiograph, nothing is overruled.
    """
    label = {item.name: item.label for item in items}
    names = {name for pair in pairs for name in (pair.first, pair.second)}
    root = join_linked_names(names, ((pair.first, pair.second) for pair in pairs))
    said: dict[str, set[int]] = {}
    for name in names & set(reviewed):
        said.setdefault(root[name], set()).add(label[name])
    return frozenset(
        name for name in names - set(reviewed) if (labels := said.get(root[name])) and labels == {1 - label[name]}
    )


def merge_groups(items: Sequence[DatasetItem], pairs: Sequence[CopyPair]) -> tuple[DatasetItem, ...]:
    """Return the items in their order; groups that share a radiograph take the first of their names."""
    group = {item.name: item.group for item in items}
    root = join_linked_names(set(group.values()), ((group[pair.first], group[pair.second]) for pair in pairs))
    return tuple(replace(item, group=root[item.group]) for item in items)


def join_copies(items: Sequence[DatasetItem], radiographs: Sequence[str], pairs: Sequence[CopyPair]) -> tuple[str, ...]:
    """Return the radiograph of each item; those that share a copy take the first of their names.

    Args:
        radiographs: ``(N,)`` what file names say.
    """
    named = {item.name: radiograph for item, radiograph in zip(items, radiographs, strict=True)}
    root = join_linked_names(set(radiographs), ((named[pair.first], named[pair.second]) for pair in pairs))
    return tuple(root[radiograph] for radiograph in radiographs)


def join_linked_names(names: set[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each name the first, in sorted order, of the names it is linked with (union-find)."""
    parent = {name: name for name in names}

    def find(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one, other in links:
        first, second = sorted((find(one), find(other)))
        parent[second] = first
    return {name: find(name) for name in names}
