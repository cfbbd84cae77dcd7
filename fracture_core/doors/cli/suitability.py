"""``suitability``: fit a checkpoint's gate, and measure what it refuses."""

import argparse
import json
from pathlib import Path

from fracture_core.doors.cli.arguments import add_checkpoint_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    fit = tasks.add_parser("fit", help="learn what a checkpoint's training radiographs look like, beside its weights")
    measure = tasks.add_parser("measure", help="measure what the gate refuses and what it lets through")
    for task in (fit, measure):
        add_checkpoint_argument(task)
        task.add_argument(
            "--others", type=Path, metavar="DIR", help="pictures that are no limb radiographs, as DIR/KIND/FILE"
        )
    measure.add_argument("--json", action="store_true", help="write docs/figures/suitability.json; then: results")
    measure.add_argument("--csv", type=Path, metavar="FILE", help="one row a picture: what was found")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli.progress import StageBars
    from fracture_core.networks import find_checkpoint

    checkpoint = find_checkpoint(arguments.checkpoint)
    with StageBars("picture") as progress:
        if arguments.task == "fit":
            from fracture_core.reading import fit_references

            path = fit_references(checkpoint, arguments.others, progress)
        else:
            from fracture_core.reading import measure_suitability, write_suitability_table

            figures, rows = measure_suitability(checkpoint, arguments.others, progress)
    if arguments.task == "fit":
        print(path)
        return 0
    if arguments.csv:
        write_suitability_table(arguments.csv, rows)
    if arguments.json:
        from fracture_core.base import write_json
        from fracture_core.doors.documents.write import FIGURES_DIR

        path = FIGURES_DIR / "suitability.json"
        write_json(path, figures)
        print(path)
    else:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 0
