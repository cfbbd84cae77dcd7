"""``evaluate``: measure a checkpoint on a data set and keep what was found."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.doors.cli.arguments import add_background_argument, add_checkpoint_argument
from fracture_core.doors.cli.progress import StageBars

if TYPE_CHECKING:
    from fracture_core.base import StageProgress
    from fracture_core.evaluation import Evaluation
    from fracture_core.networks import Checkpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_checkpoint_argument(parser)
    parser.add_argument("--json", action="store_true", help="the whole evaluation as one JSON object")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="also write the predictions, a row a file")
    add_background_argument(parser)
    add_data_arguments(parser)


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which radiographs are measured on."""
    parser.add_argument("--data", required=True, metavar="DIR", help="a data set: folder, known name, or 'phantoms'")
    parser.add_argument(
        "--split",
        default="test",
        choices=["train", "val", "test", "all"],
        help="side of the split that the checkpoint was trained with",
    )
    parser.add_argument(
        "--as-published",
        action="store_true",
        help="take the side as the data set was published, also if it leaks; every figure carries that mark",
    )
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"])


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.base import BackgroundTask, working_on_task
    from fracture_core.doors.cli.arguments import yield_if_asked
    from fracture_core.doors.cli.evaluation_text import print_evaluation
    from fracture_core.evaluation import keep_evaluation, write_predictions
    from fracture_core.networks import find_checkpoint

    checkpoint = find_checkpoint(arguments.checkpoint)
    task = BackgroundTask(
        kind="evaluation",
        checkpoint=checkpoint.name,
        weights_sha256=checkpoint.manifest.weights_sha256,
        data=arguments.data,
        split=arguments.split,
        as_published=arguments.as_published,
    )
    with StageBars() as bars, working_on_task(task, bars) as progress:
        yield_if_asked(arguments)
        evaluation = measure(checkpoint, arguments, progress)
        path = keep_evaluation(checkpoint, evaluation)
    if arguments.json:
        print(json.dumps({"mark": evaluation.mark, **evaluation.model_dump(mode="json")}))
    else:
        print_evaluation(evaluation, brief=False)
    if arguments.csv:
        write_predictions(arguments.csv, evaluation)
    print(f"kept in {path}", file=sys.stderr)
    return 0


def measure(
    checkpoint: "Checkpoint",
    arguments: argparse.Namespace,
    progress: "StageProgress",
) -> "Evaluation":
    """Evaluate on what the arguments of ``add_data_arguments`` say."""
    from fracture_core.base import get_settings
    from fracture_core.evaluation import evaluate_dataset

    return evaluate_dataset(
        checkpoint,
        arguments.data,
        split=arguments.split,
        as_published=arguments.as_published,
        device=arguments.device or get_settings().device,
        progress=progress,
    )
