"""How many there are of each class and region, view and hardware."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditFinding, Stratum
from fracture_core.datasets.layouts.items import LABELS

TINY = 20  # radiographs; an interval over fewer says next to nothing
_IMBALANCED = 0.25
UNKNOWN = "not told"


def count_strata(evidence: Evidence) -> tuple[Stratum, ...]:
    """Return class by region, every class of every region, also where there is none."""
    files: Counter[tuple[str, int]] = Counter()
    radiographs: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for item, radiograph in zip(evidence.items, evidence.radiographs, strict=True):
        stratum = (item.region or UNKNOWN, item.label)
        files[stratum] += 1
        radiographs[stratum].add(radiograph)
    regions = sorted({region for region, _ in files})
    return tuple(
        Stratum(
            region=region, label=LABELS[label], files=files[region, label], radiographs=len(radiographs[region, label])
        )
        for region in regions
        for label in range(len(LABELS))
    )


def check_strata(evidence: Evidence, strata: tuple[Stratum, ...]) -> Iterator[AuditFinding]:
    """Imbalance, tiny strata, and what is told of views and hardware."""
    count = {label: sum(stratum.radiographs for stratum in strata if stratum.label == label) for label in LABELS}
    total = sum(count.values())
    rarer = min(count, key=lambda label: count[label])
    if count[rarer] / total < _IMBALANCED:
        yield AuditFinding(
            check="imbalance",
            severity="info",
            count=count[rarer],
            text=f"{count[rarer]:,} of {total:,} radiographs are {rarer} ({count[rarer] / total:.0%}).",
            remedy="Weigh the classes in training, and judge by AUROC and sensitivity, not by accuracy.",
        )
    tiny = [f"{stratum.region}, {stratum.label}" for stratum in strata if stratum.radiographs < TINY]
    if tiny:
        yield AuditFinding(
            check="tiny strata",
            severity="warning",
            count=len(tiny),
            names=tiny,
            text=f"{len(tiny)} of {len(strata)} classes by region hold fewer than {TINY} radiographs.",
            remedy="Do not tell figures of them, or gather more.",
        )
    yield from _tell_views(evidence)


def _tell_views(evidence: Evidence) -> Iterator[AuditFinding]:
    views = Counter(view for item in evidence.items for view in item.views)
    if views:
        told = ", ".join(f"{view} {count:,}" for view, count in views.most_common())
        without = sum(not item.views for item in evidence.items)
        yield AuditFinding(
            check="views", severity="info", count=sum(views.values()), text=f"Views: {told}; none told {without:,}."
        )
