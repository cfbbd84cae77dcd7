"""``neighbours``: look at a checkpoint's training images once, so that the nearest to any radiograph can be told.

Apart: a file a command.
"""

import argparse
import sys

from fracture_core.doors.cli.arguments import add_background_argument, add_checkpoint_argument
from fracture_core.doors.cli.progress import StageBars


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_checkpoint_argument(parser)
    add_background_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.base import BackgroundTask, working_on_task
    from fracture_core.doors.cli.arguments import yield_if_asked
    from fracture_core.failures import build_neighbour_index, find_neighbour_folder
    from fracture_core.networks import find_checkpoint

    checkpoint = find_checkpoint(arguments.checkpoint)
    task = BackgroundTask(
        kind="neighbours", checkpoint=checkpoint.name, weights_sha256=checkpoint.manifest.weights_sha256
    )
    with StageBars() as bars, working_on_task(task, bars) as progress:
        yield_if_asked(arguments)
        build_neighbour_index(checkpoint, progress)
    print(f"kept in {find_neighbour_folder(checkpoint)}", file=sys.stderr)
    return 0
