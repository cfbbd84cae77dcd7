"""Can the label be told without a look at the bone: from the file's size, brightness, format, region or hardware?

Each simple number is given to a small tree, cross-validated with whole groups left
out. A network would find such a shortcut too, and score well for the wrong reason.
"""

from collections.abc import Iterator

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.tree import DecisionTreeClassifier

from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditFinding, Shortcut

MARGIN = 0.05  # above chance, of the interval's lower end
_STRONG = 0.70
_FOLDS = 5
_LEAST_GROUPS = 20  # of each class
_RESAMPLES = 1000
_LEAST_HARDWARE = 10


def measure_shortcuts(evidence: Evidence) -> tuple[Shortcut, ...]:
    """Return how well each simple number tells the label; empty where there are too few groups."""
    labels = np.array([item.label for item in evidence.items])
    groups = np.unique(evidence.groups, return_inverse=True)[1]
    if min(len(set(groups[labels == label])) for label in (0, 1)) < _LEAST_GROUPS:
        return ()
    weights = _weigh_radiographs(evidence)
    found = []
    for name, values in _list_predictors(evidence).items():
        if len(np.unique(values)) > 1:
            scores = _cross_validate(values, labels, groups, weights)
            auroc, low, high = _compute_auroc(scores, labels, groups, weights)
            found.append(
                Shortcut(
                    name=name,
                    auroc=auroc,
                    low=low,
                    high=high,
                    n_groups=int(groups.max() + 1),
                    flagged=low > 0.5 + MARGIN,
                )
            )
    return tuple(sorted(found, key=lambda shortcut: -shortcut.auroc))


def check_shortcuts(evidence: Evidence, shortcuts: tuple[Shortcut, ...]) -> Iterator[AuditFinding]:
    """The predictors that are sure to be better than chance, and hardware that comes with one label."""
    for shortcut in shortcuts:
        if shortcut.flagged:
            yield AuditFinding(
                check=f"shortcut, {shortcut.name}",
                severity="problem" if shortcut.low > _STRONG else "warning",
                count=shortcut.n_groups,
                text=f"{shortcut.name.capitalize()} alone tells the label with an AUROC of {shortcut.auroc:.2f} "
                f"(95% interval {shortcut.low:.2f} to {shortcut.high:.2f}).",
                remedy="Make it the same for both classes, or show that the network does without it.",
            )
    yield from _check_hardware(evidence)


def _check_hardware(evidence: Evidence) -> Iterator[AuditFinding]:
    told = [item for item in evidence.items if item.hardware is not None]
    with_it = [item for item in told if item.hardware]
    without = [item for item in told if not item.hardware]
    if len(with_it) < _LEAST_HARDWARE or not without:
        return
    share = sum(item.label for item in with_it) / len(with_it)
    base = sum(item.label for item in without) / len(without)
    is_shortcut = abs(share - base) > 0.25
    yield AuditFinding(
        check="hardware",
        severity="warning" if is_shortcut else "info",
        count=len(with_it),
        names=sorted(item.name for item in with_it),
        text=f"{share:.0%} of {len(with_it)} files with metal hardware are fractured, {base:.0%} of the others.",
        remedy="Tell figures without them as well: a network may learn metal instead of fractures."
        if is_shortcut
        else "",
    )


def _list_predictors(evidence: Evidence) -> dict[str, np.ndarray]:
    """Return ``(N,)`` numbers by name."""
    facts = evidence.facts
    formats = sorted({fact.source_type for fact in facts})
    regions = sorted({item.region or "" for item in evidence.items})
    predictors = {
        "width": [fact.width_px for fact in facts],
        "height": [fact.height_px for fact in facts],
        "aspect": [fact.width_px / fact.height_px for fact in facts],
        "file size": [fact.size_bytes for fact in facts],
        "bytes per pixel": [fact.size_bytes / (fact.width_px * fact.height_px) for fact in facts],
        "mean brightness": [fact.mean for fact in facts],
        "contrast": [fact.std for fact in facts],
        "share of black": [fact.black_share for fact in facts],
        "share of white": [fact.white_share for fact in facts],
        "file format": [formats.index(fact.source_type) for fact in facts],
        "region": [regions.index(item.region or "") for item in evidence.items],
        "hardware": [bool(item.hardware) for item in evidence.items],
    }
    return {name: np.array(values, np.float64) for name, values in predictors.items()}


def _weigh_radiographs(evidence: Evidence) -> np.ndarray:
    """Return ``(N,)`` weights with which each radiograph counts once, however many copies it has."""
    _, member, counts = np.unique(evidence.radiographs, return_inverse=True, return_counts=True)
    return 1.0 / counts[member]


def _cross_validate(values: np.ndarray, labels: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``(N,)`` the probability of fracture by a small tree that has not seen the file's group."""
    scores = np.zeros(len(labels))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(values[:, None], labels, groups):
        tree = DecisionTreeClassifier(max_leaf_nodes=8, min_weight_fraction_leaf=0.01, random_state=0)
        tree.fit(values[train, None], labels[train], sample_weight=weights[train])
        # Relative to the share of fractured that was learnt, which differs from fold to fold.
        base = np.average(labels[train], weights=weights[train])
        scores[test] = tree.predict_proba(values[test, None])[:, 1] / base
    return scores


def _compute_auroc(
    scores: np.ndarray, labels: np.ndarray, groups: np.ndarray, weights: np.ndarray
) -> tuple[float, float, float]:
    """Return the weighted AUROC and its 95% interval, whole groups drawn with replacement."""
    _, level = np.unique(scores, return_inverse=True)  # few levels: each tree has at most 8 leaves
    shape = (groups.max() + 1, level.max() + 1)
    tables = [np.zeros(shape), np.zeros(shape)]
    for label in (0, 1):
        chosen = labels == label
        np.add.at(tables[label], (groups[chosen], level[chosen]), weights[chosen])
    random = np.random.default_rng(0)
    draws = random.multinomial(shape[0], np.full(shape[0], 1 / shape[0]), size=_RESAMPLES).astype(np.float64)
    drawn = _rank(draws @ tables[1], draws @ tables[0])
    low, high = np.percentile(drawn[np.isfinite(drawn)], [2.5, 97.5])
    whole = _rank(tables[1].sum(0, keepdims=True), tables[0].sum(0, keepdims=True))[0]
    return round(float(whole), 4), round(float(low), 4), round(float(high), 4)


def _rank(fractured: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return ``(B,)`` AUROC of weights by level, ``(B, levels)`` each, in rising order of score; ties count half."""
    below = np.cumsum(others, axis=1) - others / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        auroc: np.ndarray = (fractured * below).sum(1) / (fractured.sum(1) * others.sum(1))
    return auroc
