"""Files that show one radiograph: the same bytes, the same pixels, or the same detail."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditCopyPair, AuditFinding, word_count

_ONE_SIDE = "Keep all copies of a radiograph on one side of a split; the groups of this report do."


def check_exact(evidence: Evidence) -> Iterator[AuditFinding]:
    """Files of the same bytes, then files of the same pixels in other bytes."""
    names = [item.name for item in evidence.items]
    same_bytes = _gather(zip(names, (fact.sha256 for fact in evidence.facts), strict=True))
    same_pixels = _gather(zip(names, (fact.pixels_sha256 for fact in evidence.facts), strict=True))
    hashes = dict(zip(names, (fact.sha256 for fact in evidence.facts), strict=True))
    same_pixels = [files for files in same_pixels if len({hashes[name] for name in files}) > 1]
    for check, sets, what in (
        ("same bytes", same_bytes, "with the same bytes as another"),
        ("same pixels", same_pixels, "with the same pixels as another, saved in other bytes"),
    ):
        concerned = sorted(name for files in sets for name in files)
        if concerned:
            yield AuditFinding(
                check=check,
                severity="warning",
                count=len(concerned),
                names=concerned,
                remedy=_ONE_SIDE,
                text=f"{word_count(len(concerned), 'file')} {what}; they show {word_count(len(sets), 'radiograph')}.",
            )


def check_near(evidence: Evidence) -> Iterator[AuditFinding]:
    """Files of other names that are turned, mirrored, rescaled or changed in contrast."""
    near = [pair for pair in evidence.pairs if not _are_same_pixels(evidence, pair.first, pair.second)]
    names = sorted({name for pair in near for name in (pair.first, pair.second)})
    if near:
        turns = Counter(pair.transform.replace(", ", " and ") for pair in near).most_common(4)
        told = ", ".join(f"{count} {turn}" for turn, count in turns)
        yield AuditFinding(
            check="near copies",
            severity="warning",
            count=len(near),
            names=names,
            remedy=_ONE_SIDE,
            text=f"{word_count(len(near), 'link')} between files of different names but of one radiograph, "
            f"proved by their detail ({told}).",
        )


def check_families(evidence: Evidence) -> Iterator[AuditFinding]:
    """Copies by file name, and how many radiographs there really are."""
    sizes = Counter(evidence.radiographs)
    files, radiographs = len(evidence.items), len(sizes)
    by_name = Counter(evidence.families)
    copied = sorted(
        item.name for item, family in zip(evidence.items, evidence.families, strict=True) if by_name[family] > 1
    )
    if copied:
        families = sum(count > 1 for count in by_name.values())
        yield AuditFinding(
            check="families",
            severity="warning",
            count=len(copied),
            names=copied,
            remedy=_ONE_SIDE,
            text=f"{word_count(len(copied), 'file')} that are copies by name, of {word_count(families, 'radiograph')}.",
        )
    if radiographs < files:
        yield AuditFinding(
            check="effective size",
            severity="problem" if files > 3 * radiographs else "info",
            count=radiographs,
            text=f"{word_count(files, 'file')} that show {word_count(radiographs, 'radiograph')}: "
            "figures rest on no more cases.",
            remedy="Count radiographs and not files wherever a sample size is told.",
        )


def check_two_labels(evidence: Evidence) -> Iterator[AuditFinding]:
    """One radiograph, labelled both ways."""
    labels: defaultdict[str, set[int]] = defaultdict(set)
    for item, radiograph in zip(evidence.items, evidence.radiographs, strict=True):
        labels[radiograph].add(item.label)
    disputed = {radiograph for radiograph, found in labels.items() if len(found) > 1}
    names = [item.name for item, r in zip(evidence.items, evidence.radiographs, strict=True) if r in disputed]
    if names:
        yield AuditFinding(
            check="two labels",
            severity="problem",
            count=len(disputed),
            names=sorted(names),
            text=f"{word_count(len(disputed), 'radiograph')} with two labels ({word_count(len(names), 'file')}): "
            "one of the two is wrong.",
            remedy="Have them read again. Until then training and evaluation leave all their files out.",
        )


def list_pairs(evidence: Evidence) -> tuple[AuditCopyPair, ...]:
    """Return the links found by pixels, those with two labels first, then the least sure."""
    pairs = [
        AuditCopyPair(
            first=pair.first,
            second=pair.second,
            agreement=round(pair.correlation, 3),
            turn=pair.transform,
            same_label=pair.same_label,
        )
        for pair in evidence.pairs
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.same_label, pair.agreement, pair.first)))


def _gather(named: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the names that share a value, where more than one does."""
    shared: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in named:
        shared[value].append(name)
    return [names for names in shared.values() if len(names) > 1]


def _are_same_pixels(evidence: Evidence, first: str, second: str) -> bool:
    return evidence.pixels_by_name[first] == evidence.pixels_by_name[second]
