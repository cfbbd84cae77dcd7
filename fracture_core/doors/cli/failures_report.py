"""What ``failures`` prints: one JSON object, or a table that reads."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from fracture_core.datasets import LABELS
from fracture_core.evaluation import Prediction
from fracture_core.failures import (
    FailureEntries,
    FailureEntry,
    FailureFilters,
    FailureTable,
    Review,
    count_confusion,
    count_facets,
    count_scores,
    describe_label_ranking,
    describe_worst_slice,
    find_worst_slice,
    measure_curves,
    measure_label_ranking,
    measure_overall,
    measure_reviewed_ranking,
    measure_slices,
    rank_label_errors,
)

_EVALUATION = ("checkpoint", "weights_sha256", "dataset", "split", "as_published", "mark", "threshold", "n", "n_groups")


def build_report(
    table: FailureTable, filters: FailureFilters, entries: FailureEntries, *, limit: int | None, label_errors: int
) -> dict[str, Any]:
    """Return everything, ready for JSON.

    Args:
        limit: entries listed; None for all.
        label_errors: likely label errors listed, and as many looked at where their ranking is measured.
    """
    change_of: Mapping[str, str] = table.changes.list_by_file() if table.changes else {}
    report: dict[str, Any] = {name: getattr(table.evaluation, name) for name in _EVALUATION}
    report |= {
        "errors": int(table.n_wrong.sum()),
        "filters": filters.to_params(),
        "n_files": entries.n_files,
        "n_radiographs": len(entries),
        "entries": [_describe_entry(table, entry, change_of) for entry in entries[:limit]],
        "facets": {name: [asdict(count) for count in counts] for name, counts in count_facets(table, filters).items()},
        **_describe_pattern(table),
        **_describe_calls(table),
    }
    if table.changes and table.other:
        report["changes"] = {"against": table.other.checkpoint, **asdict(table.changes)}
    if label_errors:
        report |= _describe_label_errors(table, label_errors)
    return report


def print_report(
    table: FailureTable, filters: FailureFilters, entries: FailureEntries, *, limit: int, label_errors: int
) -> None:
    """Print what was evaluated, what stands out, the counts of each filter, and the first entries."""
    mark = f"  {table.evaluation.mark}" if table.evaluation.mark else ""
    for line in _list_lines(table, filters, entries, limit, label_errors):
        print(f"{line}{mark}" if line else "")


def _describe_entry(table: FailureTable, entry: FailureEntry, change_of: Mapping[str, str]) -> dict[str, Any]:
    return {
        "radiograph": entry.radiograph,
        "n_files": entry.n_files,
        "n_wrong": entry.n_wrong,
        "shown": entry.shown.name,
        "files": [
            {
                **file.model_dump(mode="json"),
                "kind": file.kind,
                "change": change_of.get(file.name),
                **_describe_review(table.reviews.get(file.name, Review())),
            }
            for file in entry.files
        ],
    }


def _describe_review(review: Review) -> dict[str, Any]:
    return {
        "tags": list(review.tags),
        "notes": [{"text": note.text, "who": note.who, "at": note.at.isoformat()} for note in review.notes],
        "label_proposed": None if review.proposed_label is None else LABELS[review.proposed_label],
        "proposed_by": review.proposed_by,
        "reviewed": review.reviewed,
        "last_by": review.last_by,
        "last_at": review.last_at.isoformat() if review.last_at else None,
    }


def _describe_pattern(table: FailureTable) -> dict[str, Any]:
    slices, overall = measure_slices(table), measure_overall(table)
    worst = find_worst_slice(slices, overall)
    return {
        "error": overall.model_dump(),
        "slices": [{**asdict(part), "error": part.error.model_dump()} for part in slices],
        "worst_slice": {"kind": worst.kind, "name": worst.name} if worst else None,
        "worst_slice_in_words": describe_worst_slice(slices, overall),
    }


def _describe_calls(table: FailureTable) -> dict[str, Any]:
    evaluation = table.evaluation
    confusion, curves, scores = count_confusion(evaluation), measure_curves(evaluation), count_scores(evaluation)
    auroc, precision_recall = table.evaluation.metrics.get("auroc"), curves.precision_recall
    return {
        "confusion": {LABELS[label]: counts for label, counts in confusion.calls.items()},
        "confusion_at_balanced": {
            LABELS[label]: {LABELS[called]: counts[bool(called)] for called in (0, 1)}
            for label, counts in confusion.called_fractured.items()
        },
        "curves": {
            "auroc": auroc.model_dump() if auroc else None,
            "average_precision": precision_recall.average_precision.model_dump() if precision_recall else None,
            "points": [asdict(point) for point in curves.points],
        },
        "scores": {
            "edges": scores.edges.round(6).tolist(),
            "fractured": scores.fractured.tolist(),
            "not_fractured": scores.not_fractured.tolist(),
        },
    }


def _describe_label_errors(table: FailureTable, first: int) -> dict[str, Any]:
    ranking = measure_label_ranking(table.evaluation, first)
    people = measure_reviewed_ranking(table.evaluation, table.reviews, first)
    doubts = rank_label_errors(table.evaluation)
    return {
        "label_errors": [asdict(doubt) for doubt in doubts[:first]],
        "label_errors_in_all": len(doubts),
        "label_ranking": asdict(ranking) if ranking else None,
        "label_ranking_in_words": describe_label_ranking(ranking),
        "label_ranking_by_people": people.model_dump() if people else None,
    }


def _list_lines(
    table: FailureTable, filters: FailureFilters, entries: FailureEntries, limit: int, label_errors: int
) -> Iterator[str]:
    evaluation, errors = table.evaluation, int(table.n_wrong.sum())
    yield (
        f"{evaluation.checkpoint} on {evaluation.dataset}, {evaluation.split}: {errors:,} of {evaluation.n:,} files "
        f"are called wrongly at the balanced point, p = {evaluation.threshold:.2f}"
    )
    yield describe_worst_slice(measure_slices(table), measure_overall(table))
    if table.changes and table.other:
        changes = table.changes
        yield (
            f"against {table.other.checkpoint}, on {changes.compared:,} files that both read: {len(changes.fixed):,} "
            f"fixed, {len(changes.new):,} new, {len(changes.still):,} still wrong"
        )
    yield ""
    yield from _list_counts(table, filters)
    yield ""
    chosen = "; ".join(f"{name}: {text}" for name, text in filters.to_params().items())
    yield f"{entries.n_files:,} files of {len(entries):,} radiographs ({chosen or 'the wrong ones'})"
    yield from _list_entries(table, entries, limit)
    if label_errors:
        yield ""
        yield from _list_label_errors(table, label_errors)


def _list_counts(table: FailureTable, filters: FailureFilters) -> Iterator[str]:
    """Yield a line a filter: its values, how many files each would leave, and their share of all errors."""
    for name, counts in count_facets(table, filters).items():
        told = [f"{count.value} {count.files:,} ({count.share_of_errors:.0%})" for count in counts if count.files]
        if len(told) > 1 or (name == "tags" and told):
            yield f"{name.replace('_', ' ') + ':':<15}{', '.join(told)}"


def _list_entries(table: FailureTable, entries: FailureEntries, limit: int) -> Iterator[str]:
    if entries and limit:
        yield f"{'p':>6}  {'call':<9}  {'kind':<15}  {'region':<10}  {'wrong copies':<12}  file"
    for entry in entries[:limit]:
        file = entry.shown
        copies = f"{entry.n_wrong} of {entry.n_files}" if entry.n_files > 1 else ""
        yield (
            f"{file.p_fracture:>6.3f}  {file.call or '':<9}  {file.kind:<15}  {file.region or '':<10}  {copies:<12}  "
            f"{file.name}{_word_review(table, file)}"
        )
    if len(entries) > limit:
        yield f"and {len(entries) - limit:,} more: --limit N"


def _word_review(table: FailureTable, file: Prediction) -> str:
    review = table.reviews.get(file.name, Review())
    said = [*review.tags, *(["reviewed"] if review.reviewed else [])]
    if review.proposed_label is not None:
        said.append(f"{review.proposed_by}: {LABELS[review.proposed_label]}")
    return f"  [{', '.join(said)}]" if said else ""


def _list_label_errors(table: FailureTable, first: int) -> Iterator[str]:
    doubts = rank_label_errors(table.evaluation)
    yield f"likely label errors: {len(doubts):,} radiographs that the network contradicts with confidence"
    yield describe_label_ranking(measure_label_ranking(table.evaluation, first))
    people = measure_reviewed_ranking(table.evaluation, table.reviews, first)
    if people and people.value is not None:
        yield f"of {people.n:,} that people hold to be wrong, the first {first} hold {people.value:.0%}"
    for doubt in doubts[:first]:
        labels = f"given {LABELS[doubt.given]}, likelier {LABELS[doubt.proposed]}"
        copies = f"  ({doubt.files:,} copies)" if doubt.files > 1 else ""
        yield f"{doubt.score:>6.3f}  {labels}  {doubt.name}{copies}"
