"""``gate``: set a checkpoint beside the model in use, and say whether it may take its place."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fracture_core.evaluation import GateReport, GateSide


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of a checkpoint, or the id of a finished run")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"])


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli.progress import StageBars
    from fracture_core.evaluation import build_gate_report, find_champion
    from fracture_core.networks import find_checkpoint

    with StageBars() as bars:
        report = build_gate_report(
            find_checkpoint(arguments.name), find_champion(), device=arguments.device, progress=bars
        )
    if arguments.json:
        print(report.model_dump_json())
    else:
        print_gate_report(report)
    return 0


def print_gate_report(report: "GateReport") -> None:
    """Print the verdict with its reasons, then the figures of each side."""
    print(f"{report.candidate} against {report.champion}, the model in use: {report.verdict.level}")
    for sentence in (*report.verdict.sentences, *report.remarks):
        print(f"  {sentence}")
    for title, sides in (("the model in use's test radiographs", report.frozen), ("its own", report.own)):
        for side in sides:
            print(f"\nOn {title}; A is the model in use, B is {report.candidate}")
            _print_side(side)
    if report.verdict.needs_force:
        print("\nTo promote it takes --force and a written reason.")


def _print_side(side: "GateSide") -> None:
    from fracture_core.doors.cli.compare import print_comparison
    from fracture_core.doors.cli.evaluation_text import format_metric

    print_comparison(side.comparison)
    for name, difference in (
        ("sensitivity", side.sensitivity_difference),
        ("specificity", side.specificity_difference),
    ):
        print(format_metric(f"{name} of A", side.champion[name]))
        print(format_metric(f"{name} of B", side.candidate[name]))
        print(format_metric(f"{name}, B - A", difference))
    for part in side.parts:
        print(f"{part.kind} {part.name}: {part.n} files of {part.n_groups} groups, {part.n_fractured} fractured")
        for letter, metrics in (("A", part.champion), ("B", part.candidate)):
            print(format_metric(f"AUROC of {letter}", metrics["auroc"]))
    if side.note:
        print(f"  {side.note}")
