"""``failures``: what a checkpoint got wrong, with every filter of the page; from its evaluation, without any image."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.doors.cli.arguments import add_checkpoint_argument

if TYPE_CHECKING:
    from fracture_core.failures import FailureEntries, FailureFilters, FailureTable
    from fracture_core.networks import Checkpoint

_FILTERS = {  # the option's name, the filter's field, help
    "kind": ("kinds", "missed fracture, false alarm, uncertain or correct"),
    "region": ("regions", "body region; 'not known' where the data set does not tell"),
    "view": ("views", "frontal, lateral, oblique or not known"),
    "hardware": ("hardware", "visible, none or not known"),
    "size": ("sizes", "'under 512 px', '512 to 1,023 px', '1,024 px and more' (the longer side) or not known"),
    "change": ("changes", "fixed, new or still wrong, against the checkpoint of --against"),
    "tag": ("tags", "given by a person"),
    "call": ("calls", "positive, uncertain or negative"),
    "label": ("labels", "fractured or not fractured"),
}
_SINGLE = {
    "show": "wrong (the default), uncertain or all",
    "family": "one radiograph and its copies, as --json names it",
    "p-from": "least probability of a fracture",
    "p-to": "largest probability of a fracture",
    "reviewed": "yes or no",
    "label-doubted": "yes or no: whether a person proposes another label",
    "search": "part of the file name",
    "order": "wrongness (the default), loss, distance (to the operating point), label error or name",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from fracture_core.doors.cli.failures_reviews import add_actions

    add_checkpoint_argument(parser)
    parser.add_argument(
        "--data", metavar="DATASET", help="which of its evaluations (default: the first clean test side)"
    )
    parser.add_argument("--split", choices=["train", "val", "test", "all"], help="side that was evaluated")
    parser.add_argument("--as-published", action="store_true", help="the side as it was published, leaks and all")
    parser.add_argument("--against", metavar="NAME", help="another checkpoint: what is fixed, new or still wrong")
    filters = parser.add_argument_group("filters, as in the address of the page Failures")
    for option, (field, text) in _FILTERS.items():
        filters.add_argument(
            f"--{option}", action="append", dest=field, metavar="VALUE", help=f"{text}; may be repeated"
        )
    for option, text in _SINGLE.items():
        filters.add_argument(f"--{option}", metavar="VALUE", help=text)
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="everything as one JSON object")
    output.add_argument("--limit", type=_read_count, metavar="N", help="radiographs listed (text: 20; JSON: all)")
    output.add_argument(
        "--label-errors", type=_read_count, default=0, metavar="N", help="also the N likeliest wrong labels"
    )
    output.add_argument("--csv", type=Path, metavar="FILE", help="also write what the filters leave, a row a file")
    output.add_argument("--zip", type=Path, metavar="FILE", help="also write it with images and heatmaps")
    output.add_argument("--no-heatmaps", action="store_true", help="leave them out of the zip")
    add_actions(parser)


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli.failures_evaluations import choose_evaluation, find_counterpart
    from fracture_core.doors.cli.failures_report import build_report, print_report
    from fracture_core.doors.cli.failures_reviews import run_action
    from fracture_core.failures import FailureTable, read_reviews, select_failures
    from fracture_core.networks import find_checkpoint

    if arguments.action:
        return run_action(arguments)
    filters = _read_filters(arguments)
    checkpoint = find_checkpoint(arguments.checkpoint)
    evaluation = choose_evaluation(checkpoint, arguments.data, arguments.split, as_published=arguments.as_published)
    other = find_counterpart(find_checkpoint(arguments.against), evaluation) if arguments.against else None
    table = FailureTable.build(evaluation, read_reviews(evaluation.dataset), other)
    entries = select_failures(table, filters)
    if arguments.json:
        report = build_report(table, filters, entries, limit=arguments.limit, label_errors=arguments.label_errors)
        print(json.dumps(report, allow_nan=False))
    else:
        limit = 20 if arguments.limit is None else arguments.limit
        print_report(table, filters, entries, limit=limit, label_errors=arguments.label_errors)
    _export(arguments, checkpoint, table, entries, filters)
    return 0


def _read_filters(arguments: argparse.Namespace) -> "FailureFilters":
    """Return the filters; an option reads as its address parameter does."""
    from fracture_core.base import FailureFilterError
    from fracture_core.failures import FailureFilters, join_words

    fields = {option: option.replace("-", "_") for option in _SINGLE}
    single = {field: getattr(arguments, field) for field in fields.values()}
    several = {field: getattr(arguments, field) for field, _ in _FILTERS.values()}
    params = {name: text for name, text in single.items() if text is not None}
    params |= {name: join_words(words) for name, words in several.items() if words}
    if "changes" in params and not arguments.against:
        raise FailureFilterError("--change needs another checkpoint to compare with.", "Name it: --against NAME.")
    return FailureFilters.from_params(params)


def _export(
    arguments: argparse.Namespace,
    checkpoint: "Checkpoint",
    table: "FailureTable",
    entries: "FailureEntries",
    filters: "FailureFilters",
) -> None:
    from fracture_core.base import write_atomically
    from fracture_core.datasets import find_catalog
    from fracture_core.doors.cli.progress import StageBars
    from fracture_core.failures import build_failures_csv, write_failures_zip
    from fracture_core.store import log_export

    if arguments.csv or arguments.zip:
        of = {"dataset": table.evaluation.dataset, "split": table.evaluation.split}
        log_export(checkpoint.name, what="failures", pictures=bool(arguments.zip), files=entries.n_files, **of)
    if arguments.csv:
        write_atomically(arguments.csv, build_failures_csv(table, entries).encode("utf-8"))
        print(f"{entries.n_files:,} rows written to {arguments.csv}", file=sys.stderr)
    if arguments.zip:
        evaluation = table.evaluation
        with StageBars() as bars:
            done = write_failures_zip(
                arguments.zip,
                table,
                entries,
                checkpoint=checkpoint,
                catalog=find_catalog(evaluation.dataset, evaluation.fingerprint, ()),
                filters=filters,
                heatmaps=not arguments.no_heatmaps,
                progress=lambda count, total: bars("Writing images", count, total),
            )
        missing = f"; {len(done.missing):,} files have no image, failures.csv says why" if done.missing else ""
        print(
            f"{done.images:,} images and {done.heatmaps:,} heatmaps written to {arguments.zip}{missing}",
            file=sys.stderr,
        )


def _read_count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a count")
    return int(text)
