"""Figures by body region, view, hardware and data set, and by radiograph instead of by file."""

from collections.abc import Iterator, Sequence

import numpy as np

from fracture_core.datasets import LabelledImages
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import Figures, Subgroup, SubgroupKind

_HARDWARE = {True: "hardware visible", False: "no hardware"}


def compute_figures(labels: np.ndarray, p_fracture: np.ndarray, groups: np.ndarray, threshold: float) -> Figures:
    """Return the metrics and counts of ``(N,)`` radiographs.

    Raises:
        EvaluationError: nothing to evaluate.
    """
    return Figures(
        metrics=compute_metrics(labels, p_fracture, groups, threshold),
        n=len(labels),
        n_groups=len(np.unique(groups)),
        n_fractured=int(labels.sum()),
    )


def compute_subgroups(images: LabelledImages, p_fracture: np.ndarray, threshold: float) -> tuple[Subgroup, ...]:
    """Return the figures of every part that what is known of the files makes, larger parts first.

    A file with two views counts in both. A kind that does not divide the files
    (one region only, say) is left out.
    """
    groups = np.array([item.group for item in images.items])
    found = []
    for kind, names in _list_kinds(images):
        parts = sorted({name for of_file in names for name in of_file})
        masks = {part: np.array([part in of_file for of_file in names]) for part in parts}
        for part in sorted(parts, key=lambda part: -masks[part].sum()):
            if masks[part].all():
                continue
            inside = masks[part]
            figures = compute_figures(images.labels[inside], p_fracture[inside], groups[inside], threshold)
            found.append(Subgroup(kind=kind, name=part, **dict(figures)))
    return tuple(found)


def compute_per_radiograph(images: LabelledImages, p_fracture: np.ndarray, threshold: float) -> Figures | None:
    """Return the figures with the copies of one radiograph averaged to one probability; None without copies."""
    _, first, member = np.unique(images.radiographs, return_index=True, return_inverse=True)
    if len(first) == len(images.items):
        return None
    p_mean = np.bincount(member, weights=p_fracture) / np.bincount(member)
    groups = np.array([images.items[index].group for index in first])
    return compute_figures(images.labels[first], p_mean, groups, threshold)


def _list_kinds(images: LabelledImages) -> Iterator[tuple[SubgroupKind, list[Sequence[str]]]]:
    """Yield, for each kind, the parts that each file belongs to."""
    yield "region", [(item.region,) if item.region else () for item in images.items]
    yield "view", [item.views for item in images.items]
    yield "hardware", [(_HARDWARE[item.hardware],) if item.hardware is not None else () for item in images.items]
    yield "data set", [(dataset,) for dataset in images.datasets]
