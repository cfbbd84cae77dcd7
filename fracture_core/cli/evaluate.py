"""``evaluate``: measure a checkpoint on a data set and keep what was found."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", metavar="NAME", help="name of the checkpoint (default: the one served)")
    parser.add_argument("--data", required=True, metavar="DIR", help="a data set: folder, known name, or 'phantoms'")
    parser.add_argument(
        "--split",
        default="test",
        choices=["train", "val", "test", "all"],
        help="side of the split that the checkpoint was trained with",
    )
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--json", action="store_true", help="the whole evaluation as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.cli.progress import StageBars
    from fracture_core.evaluation.kept import keep_evaluation
    from fracture_core.evaluation.sides import evaluate_dataset
    from fracture_core.registry import find_checkpoint
    from fracture_core.settings import get_settings

    checkpoint = find_checkpoint(arguments.checkpoint)
    with StageBars() as bars:
        evaluation = evaluate_dataset(
            checkpoint,
            arguments.data,
            split=arguments.split,
            device=arguments.device or get_settings().device,
            progress=bars,
        )
    path = keep_evaluation(checkpoint, evaluation)
    if arguments.json:
        print(evaluation.model_dump_json())
    else:
        print_evaluation(evaluation)
    print(f"kept in {path}", file=sys.stderr)
    return 0


def print_evaluation(evaluation: "Evaluation") -> None:  # noqa: F821
    """Print one figure a line, with interval and n."""
    from fracture_core.cli.localisation_lines import print_localisation

    print(
        f"  {evaluation.dataset}, {evaluation.split}: {evaluation.n} files of {evaluation.n_groups} groups, "
        f"{evaluation.n_fractured} fractured; called fractured from p = {evaluation.threshold:.2f} on"
    )
    for name, metric in evaluation.metrics.items():
        if metric.value is None:
            print(f"    {name:<12} not defined (n = {metric.n})")
        else:
            print(f"    {name:<12} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]  n = {metric.n}")
    if evaluation.localisation is not None:
        print_localisation(evaluation.localisation)
