"""``train``: train a network into a new checkpoint, here and now."""

import argparse
from typing import TYPE_CHECKING, Any

from fracture_core.doors.cli.arguments import add_background_argument

if TYPE_CHECKING:
    from collections.abc import Callable

    from fracture_core.base import StageProgress
    from fracture_core.networks import Checkpoint
    from fracture_core.training import TrainingRequest

DATA_OPTION: dict[str, Any] = {
    "action": "append",
    "metavar": "DIR",
    "help": "a data set: folder, zip, known name, or 'phantoms'; may be repeated",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", **DATA_OPTION)
    source.add_argument("--run", metavar="ID", help="start or resume the run of this id")
    add_settings(parser)
    add_background_argument(parser)
    parser.add_argument("--save-as", metavar="NAME", help="also install the result as checkpoints/NAME")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add what decides a training beside its data."""
    parser.add_argument("--recipe", default="default", help="default, paper, pretrained or quick")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--input-size", type=int, metavar="PX", dest="input_size_px")
    parser.add_argument("--augmentation", choices=["none", "flips", "strong"], help="in the place of the recipe's")
    parser.add_argument("--initial", metavar="NAME", help="start from this checkpoint's weights; 'random', 'imagenet'")
    parser.add_argument("--teacher", metavar="NAME", help="checkpoint whose view is learned as well; '' for none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--devices", type=int, default=1, metavar="N", help="processes on this machine, one a GPU")
    parser.add_argument("--num-nodes", type=int, default=1, metavar="M", help="machines; see docs/scaling.md")
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads of each process")
    parser.add_argument(
        "--no-test", action="store_true", help="leave the test part alone, to compare on validation first"
    )
    parser.add_argument(
        "--as-published",
        action="store_true",
        help="divide the data file by file as the paper did; its figures leak and carry that mark",
    )


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.base import keep_freed_memory
    from fracture_core.doors.cli.progress import StageBars
    from fracture_core.networks import check_name_is_free, install_checkpoint
    from fracture_core.training import (
        count_background_threads,
        create_run,
        find_process_rank,
        find_run,
        follow_training,
        resolve_recipe,
        run_training,
        yield_to_others,
    )

    keep_freed_memory(all_of_it=True)
    if find_process_rank() > 0:  # the leading process has the run, its turn and its database; the others do as it says
        follow_training()
        return 0
    if arguments.save_as:
        check_name_is_free(arguments.save_as)
    if arguments.run:
        run = find_run(arguments.run)
    else:
        request = build_request(arguments)
        resolve_recipe(request)  # a wrong value is told before a run is made
        run = create_run(request)
    print(f"run {run.id} in {run.directory}", flush=True)
    if arguments.background:
        yield_to_others()
    with StageBars() as bars:
        threads = count_background_threads() if arguments.background else None
        checkpoint = run_training(
            run, progress=bars, threads=threads, then=_choose_comparison(run.read_state().request)
        )
    if checkpoint is None:
        print(f"stopped; go on with: python -m fracture_core train --run {run.id}")
        return 0
    if arguments.save_as:
        checkpoint = install_checkpoint(checkpoint, arguments.save_as)
    print(f"checkpoint '{checkpoint.name}' in {checkpoint.directory}")
    _print_figures(checkpoint)
    return 0


def _choose_comparison(request: "TrainingRequest") -> "Callable[[Checkpoint, StageProgress], None] | None":
    """Return the comparison with the model in use; None where the test part is to be left alone, or leaks by design."""
    from fracture_core.base import FractureError
    from fracture_core.evaluation import build_gate_report, find_champion

    def stand_beside_champion(checkpoint: "Checkpoint", progress: "StageProgress") -> None:
        try:
            build_gate_report(checkpoint, find_champion(), progress=progress)
        except FractureError as error:  # the new model is there all the same, and can be compared later
            print(f"It could not be compared with the model in use. {error}", flush=True)

    return stand_beside_champion if request.test and not request.as_published else None


def build_request(arguments: argparse.Namespace) -> "TrainingRequest":
    """Return what the arguments of ``--data`` and ``add_settings`` ask for.

    Raises:
        TrainingError: a value is out of its range.
    """
    from pydantic import ValidationError

    from fracture_core.base import TrainingError
    from fracture_core.training import TrainingRequest

    names = (
        "recipe",
        "epochs",
        "learning_rate",
        "batch_size",
        "input_size_px",
        "initial",
        "teacher",
        "seed",
        "device",
        "as_published",
        "augmentation",
        "devices",
        "num_nodes",
        "threads",
    )
    try:
        values = {name: getattr(arguments, name) for name in names}
        return TrainingRequest(data=tuple(arguments.data), test=not arguments.no_test, **values)
    except ValidationError as error:
        first = error.errors()[0]
        raise TrainingError(f"'{first['loc'][0]}' cannot be {first['input']}: {first['msg']}.") from error


def _print_figures(checkpoint: "Checkpoint") -> None:
    from fracture_core.doors.cli.evaluation_text import print_evaluation
    from fracture_core.evaluation import find_evaluations

    for evaluation in find_evaluations(checkpoint):
        print_evaluation(evaluation)
