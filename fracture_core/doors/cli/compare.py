"""``compare``: two checkpoints on the same radiographs, with tests of the difference."""

import argparse
from typing import TYPE_CHECKING

from fracture_core.doors.cli.evaluate import add_data_arguments, measure
from fracture_core.doors.cli.progress import StageBars

if TYPE_CHECKING:
    from fracture_core.evaluation import Comparison


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="A", help="name of a checkpoint")
    parser.add_argument("second", metavar="B", help="name of the one to compare with it")
    parser.add_argument("--json", action="store_true", help="the comparison as one JSON object")
    add_data_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.evaluation import compare_checkpoints, keep_evaluation, recall_evaluation
    from fracture_core.networks import find_checkpoint

    checkpoints = [find_checkpoint(name) for name in (arguments.first, arguments.second)]
    side = {"split": arguments.split, "as_published": arguments.as_published}
    first, second = (recall_evaluation(checkpoint, arguments.data, **side) for checkpoint in checkpoints)
    if first is None or second is None or first.fingerprint != second.fingerprint:
        with StageBars() as bars:
            first, second = (measure(checkpoint, arguments, bars) for checkpoint in checkpoints)
        for checkpoint, evaluation in zip(checkpoints, (first, second), strict=True):
            keep_evaluation(checkpoint, evaluation)
    comparison = compare_checkpoints(first, second)
    if arguments.json:
        print(comparison.model_dump_json())
    else:
        print_comparison(comparison)
    return 0


def print_comparison(comparison: "Comparison") -> None:
    """Print one figure a line; each carries the mark of a leaky side."""
    from fracture_core.doors.cli.evaluation_text import format_metric

    a, b, delong, mcnemar = comparison.first, comparison.second, comparison.delong, comparison.mcnemar
    lines = [
        f"{comparison.dataset}, {comparison.split}: {comparison.n} files of {comparison.n_groups} groups, "
        f"{comparison.n_fractured} fractured; A is {a}, B is {b}",
        format_metric("AUROC of A", comparison.auroc_first),
        format_metric("AUROC of B", comparison.auroc_second),
        f"{format_metric('AUROC, B - A', comparison.auroc_difference)}  p = {comparison.p_grouped:g}, "
        "bootstrap over groups",
        f"  {'AUROC, B - A':<22}{delong.difference:>7.3f}  [{delong.low:.3f}, {delong.high:.3f}]  {comparison.n}"
        f"  p = {delong.p:g}, DeLong (files as if independent)",
        format_metric("accuracy of A", comparison.accuracy_first),
        format_metric("accuracy of B", comparison.accuracy_second),
        f"{format_metric('accuracy, B - A', comparison.accuracy_difference)}  bootstrap over groups",
        f"  only A right: {mcnemar.only_first}, only B right: {mcnemar.only_second}  p = {mcnemar.p:g}, "
        "exact McNemar (files as if independent)",
    ]
    for line in lines:
        print(f"{line}  {comparison.mark}" if comparison.mark else line)
