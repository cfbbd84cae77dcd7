"""``data``: list the data sets at hand, and fetch public ones."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fracture_core.datasets import DatasetSummary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the data sets known by name, with counts and licence")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    fetching = actions.add_parser("fetch", help="download a public data set; goes on where it was interrupted")
    fetching.add_argument("name", metavar="NAME", help="fracatlas (figshare, CC BY 4.0) or kaggle (the paper's set)")
    fetching.add_argument("--to", type=Path, metavar="DIR", help="folder for the set's own folder (default: data_dir)")


def run(arguments: argparse.Namespace) -> int:
    return _fetch(arguments) if arguments.action == "fetch" else _list(arguments)


def _fetch(arguments: argparse.Namespace) -> int:
    from fracture_core.datasets import fetch_dataset, find_dataset_path, find_known_dataset
    from fracture_core.doors.cli.progress import StageBars

    with StageBars(unit="B") as bars:
        fetched = fetch_dataset(arguments.name, to=arguments.to, progress=bars)
    catalog = fetched.catalog
    there = "is there already, nothing was fetched" if fetched.was_there else "is ready"
    fractured = sum(item.label for item in catalog.items)
    print(f"{catalog.name} {there}: {len(catalog.items)} images, {fractured} fractured, in {fetched.path}")
    terms = fetched.provenance or find_known_dataset(arguments.name)  # put there by hand: as it is published
    print(f"licence: {terms.licence} ({terms.page})")
    print(f"cite: {terms.citation}")
    is_known = find_dataset_path(catalog.name) == fetched.path
    print(f'train on it: python -m fracture_core train --data "{catalog.name if is_known else fetched.path}"')
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from fracture_core.datasets import summarize_datasets
    from fracture_core.doors.cli.progress import StageBars

    with StageBars(unit="B") as bars:
        summaries = summarize_datasets(progress=lambda done, total: bars("Unpacking", done, total))
    for summary in summaries:
        print(json.dumps(summary.model_dump()) if arguments.json else _describe(summary))
    return 0


def _describe(summary: "DatasetSummary") -> str:
    licence = f"licence: {summary.licence or 'not known'}"
    if summary.state == "ready":
        left_out = f", {summary.left_out} left out" if summary.left_out else ""
        counts = f"{summary.images} images, {summary.fractured} fractured, {summary.groups} groups{left_out}"
        return f"{summary.name}  {counts}; {summary.layout}; {licence}; in {summary.path}"
    if summary.state == "unusable":
        return f"{summary.name}  cannot be used: {summary.problem}"
    how = f"not here: python -m fracture_core data fetch {summary.key}" if summary.key else summary.state
    return f"{summary.name}  {how}; {licence}"
